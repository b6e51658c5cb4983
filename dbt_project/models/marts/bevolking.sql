-- One row per gemeente, month-end, buurt, street name and age group: how many live there, and of those how many are of
-- the ages that laws are for; from the BRP.
with

personen as (
    select * from {{ ref('personen') }}
    where toestand = 'woont'
),

maanden as (
    select * from {{ ref('brp_maand') }}
),

aow as (
    select * from {{ ref('aow_leeftijd') }}
),

-- The first day that someone is as old as the AOW age of that day: a person with AOW keeps it when the age rises.
aow_dagen as (
    select
        geboortedagen.geboortedatum,
        min(
            greatest({{ add_months('geboortedagen.geboortedatum', 'aow.jaren * 12 + aow.maanden') }}, aow.geldig_van)
        ) as aow_dag
    from (select distinct geboortedatum from personen) as geboortedagen
    inner join aow
        on {{ add_months('geboortedagen.geboortedatum', 'aow.jaren * 12 + aow.maanden') }} <= aow.geldig_tot
    group by geboortedagen.geboortedatum
),

inwoners as (
    select
        maanden.gemeentecode,
        maanden.peildatum,
        maanden.indelingsjaar,
        personen.wijkcode,
        personen.buurtcode,
        personen.straatnaam,
        {{ age_years('personen.geboortedatum', 'maanden.peildatum') }} as leeftijd,
        aow_dagen.aow_dag is null or aow_dagen.aow_dag > maanden.peildatum as voor_aow
    from personen
    inner join maanden
        on
            personen.gemeentecode = maanden.gemeentecode
            and personen.indelingsjaar = maanden.indelingsjaar
            and personen.van <= maanden.peildatum
            and personen.tot > maanden.peildatum
    left join aow_dagen on personen.geboortedatum = aow_dagen.geboortedatum
),

in_groep as (
    select
        *,
        {{ leeftijdsgroep('leeftijd') }} as leeftijdsgroep
    from inwoners
),

final as (
    select
        gemeentecode,
        peildatum,
        indelingsjaar,
        wijkcode,
        buurtcode,
        straatnaam,
        leeftijdsgroep,
        count(*) as inwoners,
        count(case when leeftijd >= 15 and voor_aow then 1 end) as inwoners_15_aow,
        count(case when leeftijd >= 15 then 1 end) as inwoners_15_plus,
        count(case when leeftijd <= 22 then 1 end) as inwoners_0_22,
        -- Leerplicht from 5, then kwalificatieplicht up to the 18th birthday (Leerplichtwet 1969).
        count(case when leeftijd between 5 and 17 then 1 end) as inwoners_5_17,
        count(case when leeftijd between 2 and 3 then 1 end) as inwoners_2_3,
        count(case when leeftijd between 4 and 17 then 1 end) as inwoners_4_17
    from in_groep
    group by gemeentecode, peildatum, indelingsjaar, wijkcode, buurtcode, straatnaam, leeftijdsgroep
)

select * from final
