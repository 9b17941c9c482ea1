from dockertutor.cli import main

raise SystemExit(main())
