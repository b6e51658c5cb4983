-- One row per provision, person and stretch of days that it ran.
-- Bijzondere bijstand: code 11 is a running provision, code 12 an event in its statistic month.
with

bus as (
    select * from {{ ref('stg_bus_bijzondere_bijstand') }}
),

redenen as (
    select * from {{ ref('codelijsten') }}
    where codelijst = 'BUS_REDEN_EINDE'
),

dekking as (
    select * from {{ ref('dekking') }}
),

-- Cluster j is in the statistic but is no special assistance. Cluster m is the collective health insurance: where its
-- own registration covers the month, it counts there.
tellend as (
    select bus.*
    from bus
    left join dekking
        on
            bus.gemeentecode = dekking.gemeentecode
            and bus.periode_tot = dekking.peildatum
            and dekking.regeling = 'collectieve_zorgverzekering'
    where
        coalesce(bus.kostencluster, '') <> 'j'
        and (coalesce(bus.kostencluster, '') <> 'm' or dekking.peildatum is null)
),

records as (
    select
        tellend.gemeentecode,
        tellend.persoon,
        concat('bb-', tellend.registratienummer, '-', coalesce(tellend.kostencluster, '')) as voorziening_id,
        tellend.aanvangsdatum as begindatum,
        tellend.einddatum,
        coalesce(redenen.norm, 'onbekend') as reden_einde,
        tellend.kostencluster as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        tellend.betaalbaar_bedrag as bedrag_maand,
        tellend.leverdatum,
        tellend.periode_van,
        tellend.periode_tot
    from tellend
    left join redenen on tellend.reden_beeindiging = redenen.code
    where tellend.statistiekcode = '11'
),

{{ spells_uit_standen('records', 'bus') }},

-- An event counts in the month of the file that brings it (BUS, article 2), and has the day that was delivered.
gebeurtenissen as (
    select
        gemeentecode,
        persoon,
        concat(
            'bb12-',
            registratienummer,
            '-',
            coalesce(kostencluster, ''),
            '-',
            cast(periode_tot as {{ dbt.type_string() }}),
            '-',
            cast(aanvangsdatum as {{ dbt.type_string() }})
        ) as voorziening_id,
        kostencluster as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        betaalbaar_bedrag as bedrag_maand,
        leverdatum,
        aanvangsdatum as begindatum,
        aanvangsdatum as einddatum,
        cast(null as {{ dbt.type_string() }}) as reden_einde,
        periode_tot as telt_in
    from tellend
    where statistiekcode = '12'
),

spells as (
    select
        *,
        cast(null as date) as telt_in
    from standspells
    union all
    select * from gebeurtenissen
),

{{ voorziening('bijzondere_bijstand', 'spells', 'bus', telt_in='spells.telt_in') }}

select * from final
