{{ gebruik('awbz') }}
