{{ wijkcijfers('vsv', tellingen=['stand'], noemer='noemer_vsv') }}
