-- One row per provision, person and stretch of days that it ran.
-- Wmo provisions from iWmo messages: what was allocated (301), started (305) and stopped (307).
with

{{ spells_uit_berichten('stg_wmo', 'wmo', 'WMO588', 'WMO002') }},

{{ voorziening('wmo', 'berichtspells', 'wmo', met_product=true) }}

select * from final
