-- One row per product in an iWmo message.
-- Wmo messages, one row per product in a message.
{{ stg_berichten('wmo') }}
