{# Places persons on a day (design.md section 6, Who counts where).

`personen` is a CTE with gemeentecode, persoon, datum, indelingsjaar and any other columns; (gemeentecode, persoon,
datum, indelingsjaar) may repeat. Expects the CTEs bewoning, adressen (stg_gebieden_adressen) and leveringsadressen
(gemeentecode, persoon, postcode, huisnummer) to be there. Gives the CTE `<personen>_geplaatst` with, added:

toestand        woont, onbekend_in_brp, vertrokken (or not yet arrived) or overleden; who counts is for the caller
wijkcode, buurtcode, leeftijdsgroep, huishouden #}
{% macro plaats(personen) %}
{{ personen }}_dagen as (
    select distinct
        gemeentecode,
        persoon,
        datum,
        indelingsjaar
    from {{ personen }}
),

{{ personen }}_in_brp as (
    select
        dagen.gemeentecode,
        dagen.persoon,
        dagen.datum,
        dagen.indelingsjaar,
        max(bewoning.geboortedatum) as geboortedatum,
        max(bewoning.overlijden) as overlijden,
        count(bewoning.persoon) as perioden,
        -- At most one address holds on a day, so max takes that one.
        max(case when {{ houdt('bewoning', 'dagen.datum') }} then bewoning.postcode end) as postcode,
        max(case when {{ houdt('bewoning', 'dagen.datum') }} then bewoning.huisnummer end) as huisnummer,
        max(case when {{ houdt('bewoning', 'dagen.datum') }} then bewoning.huishouden end) as huishouden
    from {{ personen }}_dagen as dagen
    left join bewoning on dagen.gemeentecode = bewoning.gemeentecode and dagen.persoon = bewoning.persoon
    group by dagen.gemeentecode, dagen.persoon, dagen.datum, dagen.indelingsjaar
),

{{ personen }}_met_adres as (
    select
        personen.gemeentecode,
        personen.persoon,
        personen.datum,
        personen.indelingsjaar,
        case
            when personen.perioden = 0 then 'onbekend_in_brp'
            when personen.overlijden <= personen.datum then 'overleden'
            when personen.huishouden is null then 'vertrokken'
            else 'woont'
        end as toestand,
        {{ leeftijdsgroep(age_years('personen.geboortedatum', 'personen.datum')) }} as leeftijdsgroep,
        coalesce(personen.huishouden, personen.persoon) as huishouden,
        -- Who never occurs in the BRP is placed by the address in the delivery, if there is one.
        coalesce(personen.postcode, case when personen.perioden = 0 then leveringsadressen.postcode end) as postcode,
        coalesce(personen.huisnummer, case when personen.perioden = 0 then leveringsadressen.huisnummer end) as huisnummer
    from {{ personen }}_in_brp as personen
    left join leveringsadressen
        on
            personen.gemeentecode = leveringsadressen.gemeentecode
            and personen.persoon = leveringsadressen.persoon
),

{{ personen }}_plaats as (
    select
        personen.gemeentecode,
        personen.persoon,
        personen.datum,
        personen.indelingsjaar,
        personen.toestand,
        personen.leeftijdsgroep,
        personen.huishouden,
        coalesce(adressen.wijkcode, concat('WK', substr(personen.gemeentecode, 3), 'onbekend')) as wijkcode,
        coalesce(adressen.buurtcode, concat('BU', substr(personen.gemeentecode, 3), 'onbekend')) as buurtcode
    from {{ personen }}_met_adres as personen
    left join adressen
        on
            personen.gemeentecode = adressen.gemeentecode
            and personen.indelingsjaar = adressen.indelingsjaar
            and personen.postcode = adressen.postcode
            and personen.huisnummer = adressen.huisnummer
),

{{ personen }}_geplaatst as (
    select
        personen.*,
        plaats.toestand,
        plaats.leeftijdsgroep,
        plaats.huishouden,
        plaats.wijkcode,
        plaats.buurtcode
    from {{ personen }} as personen
    inner join {{ personen }}_plaats as plaats
        on
            personen.gemeentecode = plaats.gemeentecode
            and personen.persoon = plaats.persoon
            and personen.datum = plaats.datum
            and personen.indelingsjaar = plaats.indelingsjaar
)
{% endmacro %}

{# An address holds on a day when it began on or before it and did not end on or before it. #}
{% macro houdt(adres, datum) -%}
    ({{ adres }}.van <= {{ datum }} and ({{ adres }}.tot is null or {{ adres }}.tot > {{ datum }}))
{%- endmacro %}
