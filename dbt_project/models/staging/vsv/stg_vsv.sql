-- One row per person, report and delivered month.
-- What the reports of DUO tell: a row per person per report, of the newest delivery of each month.
with

vsv as (
    select * from {{ source('bron', 'vsv') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum
    from leveringen
    where bron = 'vsv' and geldt
),

final as (
    select
        vsv.gemeentecode,
        -- A pupil without BSN has an onderwijsnummer; the two are of different domains and never meet.
        coalesce(vsv.persoon, vsv.onderwijsnummer_persoon) as persoon,
        vsv.rapport,
        vsv.peildatum,
        {{ school_year('vsv.peildatum', 10) }} as schooljaar,
        vsv.brin,
        vsv.onderwijssoort,
        vsv.uitstroombestemming,
        vsv.datum_uitschrijving,
        vsv.datum_herinschrijving,
        vsv.datum_startkwalificatie,
        vsv.leverdatum
    from vsv
    inner join geldend on vsv.leverancier = geldend.leverancier and vsv.leverdatum = geldend.leverdatum
)

select * from final
