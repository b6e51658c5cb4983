-- Unique persons and households over the regelingen that count together (model unie), per gemeente, wijk and buurt;
-- persons also per straat. A month is covered when each of those regelingen is.
with

unie as (
    select * from {{ ref('unie') }}
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
    where concat(' ', telwijzen, ' ') like '% unie %'
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

straten as (
    select * from {{ ref('straat') }}
),

straatnamen as (
    select * from {{ ref('straatnaam') }}
),

noemers as (
    select * from {{ ref('noemer') }}
),

verhoudingen as (
    select * from {{ ref('verhouding') }}
    where regeling = 'unie'
),

actief as (
    {% for regeling in var('gekoppelde_regelingen') %}
        select
            '{{ regeling }}' as regeling,
            gemeentecode,
            -- Who never occurs in the BRP is placed by a delivery. Where two place him differently he counts at both,
            -- also in the whole gemeente: then areas add up, and no regeling counts more in an area than all together.
            case when toestand = 'onbekend_in_brp' then adres else persoon end as persoon,
            peildatum,
            indelingsjaar,
            leeftijdsgroep,
            huishouden,
            adres,
            straatnaam,
            wijkcode,
            buurtcode
        from {{ ref('actief_' ~ regeling) }}
        where actief and telt
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

sets as (
    select
        gemeentecode,
        peildatum,
        min(case when gedekt then 1 else 0 end) = 1 as gedekt
    from unie
    group by gemeentecode, peildatum
),

clienten as (
    select distinct
        geplaatst.gemeentecode,
        geplaatst.peildatum,
        geplaatst.persoon,
        geplaatst.huishouden,
        geplaatst.adres,
        geplaatst.leeftijdsgroep,
        geplaatst.wijkcode,
        geplaatst.buurtcode,
        coalesce(
            straatnamen.straatcode,
            case
                when geplaatst.buurtcode like '%onbekend' then concat('ST', substr(geplaatst.buurtcode, 3))
                else concat('ST', substr(geplaatst.buurtcode, 3), '-onbekend')
            end
        ) as straatcode
    from actief as geplaatst
    inner join unie
        on
            geplaatst.gemeentecode = unie.gemeentecode
            and geplaatst.peildatum = unie.peildatum
            and geplaatst.regeling = unie.regeling
    inner join sets
        on geplaatst.gemeentecode = sets.gemeentecode and geplaatst.peildatum = sets.peildatum and sets.gedekt
    left join straatnamen
        on
            geplaatst.gemeentecode = straatnamen.gemeentecode
            and geplaatst.indelingsjaar = straatnamen.indelingsjaar
            and geplaatst.buurtcode = straatnamen.buurtcode
            and geplaatst.straatnaam = straatnamen.straatnaam
),

-- Each client in its own age group as well as in the total.
per_leeftijd as (
    select
        *,
        leeftijdsgroep as groep
    from clienten
    union all
    select
        *,
        'totaal' as groep
    from clienten
),

-- A household has one address, and an address lies in one buurt: buurten add up.
per_buurt as (
    select
        gemeentecode,
        wijkcode,
        buurtcode,
        peildatum,
        groep as leeftijdsgroep,
        count(*) as clienten,
        count(distinct huishouden) as huishoudens
    from per_leeftijd
    group by gemeentecode, wijkcode, buurtcode, peildatum, groep
),

per_buurt_en_niveau as (
    {{ per_niveau('per_buurt') }}
),

-- How many of the persons behind a count live at one address, such as an institution: protection needs to know.
per_adres as (
    select
        gemeentecode,
        wijkcode,
        buurtcode,
        peildatum,
        groep as leeftijdsgroep,
        adres,
        count(*) as clienten
    from per_leeftijd
    group by gemeentecode, wijkcode, buurtcode, peildatum, groep, adres
),

per_adres_en_niveau as (
    {{ per_niveau('per_adres') }}
),

grootste_adres as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        max(clienten) as clienten
    from per_adres_en_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep
),

standen as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        cast(sum(clienten) as bigint) as clienten,
        cast(sum(huishoudens) as bigint) as huishoudens
    from per_buurt_en_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep
),

per_straat_en_adres as (
    select
        gemeentecode,
        straatcode,
        peildatum,
        adres,
        count(*) as clienten,
        count(distinct huishouden) as huishoudens
    from clienten
    group by gemeentecode, straatcode, peildatum, adres
),

tellingen as (
    select
        standen.gemeentecode,
        standen.gebiedscode,
        standen.peildatum,
        standen.leeftijdsgroep,
        'clienten' as indicator,
        standen.clienten as aantal,
        standen.huishoudens,
        grootste_adres.clienten as grootste_adres
    from standen
    inner join grootste_adres
        on
            standen.gemeentecode = grootste_adres.gemeentecode
            and standen.gebiedscode = grootste_adres.gebiedscode
            and standen.peildatum = grootste_adres.peildatum
            and standen.leeftijdsgroep = grootste_adres.leeftijdsgroep
    union all
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        'huishoudens' as indicator,
        huishoudens as aantal,
        huishoudens,
        cast(null as bigint) as grootste_adres
    from standen
    union all
    select
        gemeentecode,
        straatcode as gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        'clienten' as indicator,
        cast(sum(clienten) as bigint) as aantal,
        cast(sum(huishoudens) as bigint) as huishoudens,
        max(clienten) as grootste_adres
    from per_straat_en_adres
    group by gemeentecode, straatcode, peildatum
),

{{ leeftijdsgroepen() }},

gebieden_en_straten as (
    select
        gemeentecode,
        indelingsjaar,
        gebiedsniveau,
        gebiedscode,
        gebiedsnaam
    from gebieden
    union all
    select
        gemeentecode,
        indelingsjaar,
        gebiedsniveau,
        gebiedscode,
        gebiedsnaam
    from straten
),

rooster as (
    select
        peilmaanden.gemeentecode,
        gebieden_en_straten.gebiedsniveau,
        gebieden_en_straten.gebiedscode,
        gebieden_en_straten.gebiedsnaam,
        peilmaanden.indelingsjaar,
        peilmaanden.peildatum,
        leeftijdsgroepen.leeftijdsgroep,
        indicatoren.indicator,
        indicatoren.eenheid,
        verhoudingen.noemer as soort_noemer,
        -- Where nothing that counts together was delivered yet there is no set.
        case when sets.gedekt then 'geleverd' else 'niet_geleverd' end as status
    from peilmaanden
    inner join gebieden_en_straten
        on
            peilmaanden.gemeentecode = gebieden_en_straten.gemeentecode
            and peilmaanden.indelingsjaar = gebieden_en_straten.indelingsjaar
    cross join indicatoren
    cross join leeftijdsgroepen
    left join verhoudingen on indicatoren.indicator = verhoudingen.indicator
    left join sets on peilmaanden.gemeentecode = sets.gemeentecode and peilmaanden.peildatum = sets.peildatum
    where
        (leeftijdsgroepen.leeftijdsgroep = 'totaal' or indicatoren.per_leeftijd = 'ja')
        and (
            gebieden_en_straten.gebiedsniveau <> 'straat'
            or (leeftijdsgroepen.leeftijdsgroep = 'totaal' and indicatoren.indicator = 'clienten')
        )
),

final as (
    select
        rooster.gemeentecode,
        rooster.gebiedsniveau,
        rooster.gebiedscode,
        rooster.gebiedsnaam,
        rooster.indelingsjaar,
        rooster.peildatum,
        rooster.leeftijdsgroep,
        rooster.indicator,
        rooster.eenheid,
        rooster.status,
        case when rooster.status = 'geleverd' then coalesce(tellingen.aantal, 0) end as aantal,
        case when rooster.gebiedscode not like '%onbekend' then noemers.aantal end as noemer,
        tellingen.huishoudens,
        tellingen.grootste_adres
    from rooster
    left join tellingen
        on
            rooster.gemeentecode = tellingen.gemeentecode
            and rooster.gebiedscode = tellingen.gebiedscode
            and rooster.peildatum = tellingen.peildatum
            and rooster.leeftijdsgroep = tellingen.leeftijdsgroep
            and rooster.indicator = tellingen.indicator
    left join noemers
        on
            rooster.gemeentecode = noemers.gemeentecode
            and rooster.gebiedscode = noemers.gebiedscode
            and rooster.peildatum = noemers.peildatum
            and rooster.leeftijdsgroep = noemers.leeftijdsgroep
            and rooster.soort_noemer = noemers.noemer
)

select * from final
