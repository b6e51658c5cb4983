{{ actief('awbz') }}
