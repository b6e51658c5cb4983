-- One row per provision, person and stretch of days that it ran.
-- Algemene bijstand: STATISTIEKCODE 01. IOAW, IOAZ and Bbz are other laws and do not count.
with

bus as (
    select * from {{ ref('stg_bus_wwb') }}
),

redenen as (
    select * from {{ ref('codelijsten') }}
    where codelijst = 'BUS_REDEN_EINDE'
),

records as (
    select
        bus.gemeentecode,
        bus.persoon,
        concat('wwb-', bus.registratienummer) as voorziening_id,
        bus.aanvangsdatum as begindatum,
        bus.einddatum,
        coalesce(redenen.norm, 'onbekend') as reden_einde,
        bus.leefvorm as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        bus.betaalbaar_bedrag as bedrag_maand,
        bus.leverdatum,
        bus.periode_van,
        bus.periode_tot
    from bus
    left join redenen on bus.reden_beeindiging = redenen.code
    where bus.statistiekcode = '01'
),

{{ spells_uit_standen('records', 'bus') }},

{{ voorziening('wwb', 'standspells', 'bus') }}

select * from final
