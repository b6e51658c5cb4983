-- One row per gemeente, month-end, buurt, age group and denominator: how many residents or households live there; of
-- households the age group is `totaal`.
with

bevolking as (
    select * from {{ ref('bevolking') }}
),

personen as (
    select * from {{ ref('personen') }}
    where toestand = 'woont'
),

maanden as (
    select * from {{ ref('brp_maand') }}
),

per_noemer as (
    select
        bevolking.gemeentecode,
        bevolking.peildatum,
        bevolking.wijkcode,
        bevolking.buurtcode,
        bevolking.leeftijdsgroep,
        noemers.noemer,
        case noemers.noemer
            {% for noemer in noemers_van_inwoners() %}
                when '{{ noemer }}' then bevolking.{{ noemer }}
            {% endfor %}
        end as aantal
    from bevolking
    cross join {{ noemers(noemers_van_inwoners()) }}
),

-- A household has one address, so it lies in one buurt.
huishoudens as (
    select
        maanden.gemeentecode,
        maanden.peildatum,
        personen.wijkcode,
        personen.buurtcode,
        count(distinct personen.huishouden) as aantal
    from personen
    inner join maanden
        on
            personen.gemeentecode = maanden.gemeentecode
            and personen.indelingsjaar = maanden.indelingsjaar
            and personen.van <= maanden.peildatum
            and personen.tot > maanden.peildatum
    group by maanden.gemeentecode, maanden.peildatum, personen.wijkcode, personen.buurtcode
),

final as (
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        leeftijdsgroep,
        noemer,
        cast(sum(aantal) as bigint) as aantal
    from per_noemer
    group by gemeentecode, peildatum, wijkcode, buurtcode, leeftijdsgroep, noemer
    union all
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        'totaal' as leeftijdsgroep,
        'huishoudens' as noemer,
        aantal
    from huishoudens
)

select * from final
