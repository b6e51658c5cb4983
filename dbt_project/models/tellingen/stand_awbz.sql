{{ stand('awbz') }}
