{{ wijkcijfers_schooljaar('vsv', startset='stg_vsv_startset') }}
