-- Wmo provisions from iWmo messages: what was allocated (301), started (305) and stopped (307).
with

berichten as (
    select * from {{ ref('stg_wmo') }}
),

codelijsten as (
    select * from {{ ref('codelijsten') }}
),

{{ spells_uit_berichten('wmo', 'WMO588', 'WMO002') }},

{{ voorziening('wmo', 'berichtspells', 'wmo') }}

select * from final
