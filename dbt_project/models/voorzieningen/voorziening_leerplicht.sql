-- One row per provision, person and stretch of days that it ran.
-- Leerplicht: a report of absence is an event on its day. Withdrawn reports do not count, nor does absolute truancy of
-- a pupil who need not be enrolled in that school year (exemption of article 5).
with

meldingen as (
    select * from {{ ref('stg_leerplicht') }}
),

codes as (
    select * from {{ ref('codelijsten') }}
),

tellend as (
    select meldingen.*
    from meldingen
    left join codes on codes.codelijst = 'LPL_STATUS' and meldingen.status = codes.code
    where coalesce(codes.norm, '') <> 'telt_niet'
),

vrijgesteld as (
    select distinct
        tellend.gemeentecode,
        tellend.persoon,
        tellend.schooljaar
    from tellend
    inner join codes on codes.codelijst = 'LPL_VRIJSTELLING' and tellend.vrijstelling_grond = codes.code
    where codes.norm = 'inschrijving'
),

spells as (
    select
        tellend.gemeentecode,
        tellend.persoon,
        concat('lpl-', tellend.meldingsnummer) as voorziening_id,
        tellend.verzuimsoort as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(null as bigint) as bedrag_maand,
        tellend.datum as begindatum,
        tellend.datum as einddatum,
        cast(null as {{ dbt.type_string() }}) as reden_einde,
        tellend.leverdatum
    from tellend
    left join vrijgesteld
        on
            tellend.gemeentecode = vrijgesteld.gemeentecode
            and tellend.persoon = vrijgesteld.persoon
            and tellend.schooljaar = vrijgesteld.schooljaar
    where tellend.verzuimsoort <> 'ABSOLUUT' or vrijgesteld.persoon is null
),

{{ voorziening('leerplicht', 'spells', 'leerplicht') }}

select * from final
