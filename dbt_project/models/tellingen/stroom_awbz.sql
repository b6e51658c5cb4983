{{ stroom('awbz') }}
