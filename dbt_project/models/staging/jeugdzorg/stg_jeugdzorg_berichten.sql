-- iJw messages, one row per product in a message.
{{ stg_berichten('jeugdzorg_berichten') }}
