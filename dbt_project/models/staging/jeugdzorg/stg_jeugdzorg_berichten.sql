-- One row per product in an iJw message.
-- iJw messages, one row per product in a message.
{{ stg_berichten('jeugdzorg_berichten') }}
