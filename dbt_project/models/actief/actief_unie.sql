-- One row per person, month-end, place and regeling: who has a running provision of a regeling that counts together
-- there (model unie), in months in which each of those is covered; with the street.
with

actief as (
    {% for regeling in regelingen_in('unie') %}
        select
            *,
            '{{ regeling }}' as regeling
        from {{ ref('actief_' ~ regeling) }}
        where actief and telt
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unie as (
    select
        *,
        min(case when gedekt then 1 else 0 end) over (partition by gemeentecode, peildatum) = 1 as alles_gedekt
    from {{ ref('unie') }}
),

straatnamen as (
    select * from {{ ref('straatnaam') }}
),

final as (
    select distinct
        actief.gemeentecode,
        actief.peildatum,
        actief.indelingsjaar,
        actief.regeling,
        -- A delivery places a person who never occurs in the BRP. Where two differ, the person counts at both places,
        -- also in the whole gemeente: so areas add up, and no regeling counts more in an area than all together.
        case when actief.toestand = 'onbekend_in_brp' then actief.adres else actief.persoon end as persoon,
        actief.huishouden,
        actief.adres,
        actief.leeftijdsgroep,
        actief.wijkcode,
        actief.buurtcode,
        coalesce(
            straatnamen.straatcode,
            case
                when actief.buurtcode like '%onbekend' then concat('ST', substr(actief.buurtcode, 3))
                else concat('ST', substr(actief.buurtcode, 3), '-onbekend')
            end
        ) as straatcode
    from actief
    inner join unie
        on
            actief.gemeentecode = unie.gemeentecode
            and actief.peildatum = unie.peildatum
            and actief.regeling = unie.regeling
            and unie.alles_gedekt
    left join straatnamen
        on
            actief.gemeentecode = straatnamen.gemeentecode
            and actief.indelingsjaar = straatnamen.indelingsjaar
            and actief.buurtcode = straatnamen.buurtcode
            and actief.straatnaam = straatnamen.straatnaam
)

select * from final
