{# Places persons on a day (design.md section 6, Who counts where).

`personen` is a CTE with gemeentecode, persoon, datum, indelingsjaar and any other columns; (gemeentecode, persoon,
datum, indelingsjaar) may repeat. Expects the CTEs bewoning, bekenden (who ever occurs in it), adressen
(stg_gebieden_adressen) and leveringsadressen (gemeentecode, persoon, postcode, huisnummer) to be there. Gives the CTE `<personen>_geplaatst` with, added:

toestand        woont, onbekend_in_brp, vertrokken (or not yet arrived) or overleden; who counts is for the caller
wijkcode, buurtcode, leeftijd, leeftijdsgroep, huishouden, adres; straatnaam of who is in the BRP #}
{% macro plaats(personen) %}
{{ personen }}_dagen as (
    select distinct
        gemeentecode,
        persoon,
        datum,
        indelingsjaar
    from {{ personen }}
),

{{ personen }}_met_adres as (
    select
        dagen.gemeentecode,
        dagen.persoon,
        dagen.datum,
        dagen.indelingsjaar,
        case
            when bekend.persoon is null then 'onbekend_in_brp'
            when bekend.overlijden <= dagen.datum then 'overleden'
            when bewoning.persoon is null then 'vertrokken'
            else 'woont'
        end as toestand,
        {{ age_years('bekend.geboortedatum', 'dagen.datum') }} as leeftijd,
        {{ leeftijdsgroep(age_years('bekend.geboortedatum', 'dagen.datum')) }} as leeftijdsgroep,
        coalesce(bewoning.huishouden, dagen.persoon) as huishouden,
        coalesce(bewoning.adres, dagen.persoon) as adres,
        bewoning.straatnaam,
        -- Who never occurs in the BRP is placed by the address in the delivery, if there is one.
        coalesce(bewoning.postcode, leveringsadressen.postcode) as postcode,
        coalesce(bewoning.huisnummer, leveringsadressen.huisnummer) as huisnummer
    from {{ personen }}_dagen as dagen
    left join bekenden as bekend on dagen.gemeentecode = bekend.gemeentecode and dagen.persoon = bekend.persoon
    left join bewoning
        on
            dagen.gemeentecode = bewoning.gemeentecode
            and dagen.persoon = bewoning.persoon
            and bewoning.van <= dagen.datum
            and (bewoning.tot is null or bewoning.tot > dagen.datum)
    left join leveringsadressen
        on
            bekend.persoon is null
            and dagen.gemeentecode = leveringsadressen.gemeentecode
            and dagen.persoon = leveringsadressen.persoon
),

{{ personen }}_plaats as (
    select
        personen.gemeentecode,
        personen.persoon,
        personen.datum,
        personen.indelingsjaar,
        personen.toestand,
        personen.leeftijd,
        personen.leeftijdsgroep,
        personen.huishouden,
        personen.adres,
        personen.straatnaam,
        coalesce(
            adressen.wijkcode,
            postcodegebieden.wijkcode,
            concat('WK', substr(personen.gemeentecode, 3), 'onbekend')
        ) as wijkcode,
        coalesce(adressen.buurtcode, concat('BU', substr(personen.gemeentecode, 3), 'onbekend')) as buurtcode
    from {{ personen }}_met_adres as personen
    left join adressen
        on
            personen.gemeentecode = adressen.gemeentecode
            and personen.indelingsjaar = adressen.indelingsjaar
            and personen.postcode = adressen.postcode
            and personen.huisnummer = adressen.huisnummer
    -- A delivery without addresses may tell the first four characters of the postcode.
    left join {{ ref('postcodegebied') }} as postcodegebieden
        on
            personen.gemeentecode = postcodegebieden.gemeentecode
            and personen.indelingsjaar = postcodegebieden.indelingsjaar
            and personen.postcode = postcodegebieden.postcode4
),

{{ personen }}_geplaatst as (
    select
        personen.*,
        plaats.toestand,
        plaats.leeftijd,
        plaats.leeftijdsgroep,
        plaats.huishouden,
        plaats.adres,
        plaats.straatnaam,
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
