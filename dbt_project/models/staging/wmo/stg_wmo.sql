-- Wmo messages, one row per product in a message.
{{ stg_berichten('wmo') }}
