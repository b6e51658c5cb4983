{{ wijkcijfers('awbz') }}
