{{ duur('awbz') }}
