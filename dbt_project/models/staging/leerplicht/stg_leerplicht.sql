-- One row per report of absence.
-- Reports of absence as they now are: the newest delivery of each number. `schooljaar` is that of the Leerplichtwet.
with

leerplicht as (
    select * from {{ source('bron', 'leerplicht') }}
),

genummerd as (
    select
        *,
        row_number() over (
            partition by gemeentecode, meldingsnummer
            order by leverdatum desc, leverancier desc, rij desc
        ) as volgorde
    from leerplicht
),

final as (
    select
        gemeentecode,
        meldingsnummer,
        -- A pupil without BSN has an onderwijsnummer; the two are of different domains and never meet.
        coalesce(persoon, onderwijsnummer_persoon) as persoon,
        verzuimsoort,
        coalesce(datum_melding, datum_start) as datum,
        {{ school_year('coalesce(datum_melding, datum_start)', 8) }} as schooljaar,
        status,
        vrijstelling_grond,
        leverdatum
    from genummerd
    where volgorde = 1
)

select * from final
