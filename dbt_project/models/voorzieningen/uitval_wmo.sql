-- Starts and stops that fit no allocation or each other: uitval that shows only when all deliveries are seen together.
with

berichten as (
    select * from {{ ref('stg_wmo') }}
),

{{ uitval_uit_berichten('WMO') }},

final as (
    select * from losse_berichten
)

select * from final
