-- One row per row of a delivery and rule that it breaks.
-- Starts and stops that fit no allocation or each other: uitval that shows only when all deliveries are seen together.
with

{{ uitval_uit_berichten('stg_wmo', 'WMO') }},

final as (
    select * from losse_berichten
)

select * from final
