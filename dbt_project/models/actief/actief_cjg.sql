-- One row per contact, in the month in which it was; nobody is known, so it is placed by its PC4.
with

contacten as (
    select * from {{ ref('voorziening_cjg') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

postcodegebieden as (
    select * from {{ ref('postcodegebied') }}
),

final as (
    select
        contacten.gemeentecode,
        contacten.voorziening_id,
        peilmaanden.peildatum,
        coalesce(postcodegebieden.wijkcode, {{ onbekende_wijk('contacten.gemeentecode') }}) as wijkcode,
        {{ onbekende_buurt('contacten.gemeentecode') }} as buurtcode
    from contacten
    inner join peilmaanden
        on
            contacten.gemeentecode = peilmaanden.gemeentecode
            and contacten.begindatum >= peilmaanden.maand_begin
            and contacten.begindatum <= peilmaanden.peildatum
    left join postcodegebieden
        on
            contacten.gemeentecode = postcodegebieden.gemeentecode
            and peilmaanden.indelingsjaar = postcodegebieden.indelingsjaar
            and contacten.postcode4 = postcodegebieden.postcode4
)

select * from final
