{# The exact figures of a regeling, per gemeente, wijk and buurt, dense (design.md section 6): a whole model, one row per
cell of the grid. What exists for a regeling follows from its telwijze in seeds/regelingen.csv (model rooster).

`tellingen`: the kinds of counts that it has, each a model <kind>_<regeling> (models/tellingen). `noemer`, `rooster`: the
models of its denominators and its grid, where it has its own. #}
{% macro wijkcijfers(regeling, tellingen=['stand', 'stroom', 'gebruik', 'duur'], noemer='noemer', rooster='rooster') %}
-- One row per area, month-end, age group and indicator of the grid: the figure, or why there is none.
with

rooster as (
    select * from {{ ref(rooster) }}
    where regeling = '{{ regeling }}'
),

-- `huishoudens` and `grootste_adres` tell who is behind a count, of use at least; where not known they are empty.
tellingen as (
    {% for telling in tellingen %}
        select * from {{ ref(telling ~ '_' ~ regeling) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

noemers as (
    select * from {{ ref(noemer) }}
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
        case
            when rooster.status <> 'geleverd' then null
            -- Too few for a median is no figure; a count of nothing is zero.
            when rooster.soort = 'duur' then tellingen.aantal
            else coalesce(tellingen.aantal, 0)
        end as aantal,
        case when rooster.gebiedscode not like '%onbekend' then noemers.aantal end as noemer,
        case when rooster.status = 'geleverd' then tellingen.huishoudens end as huishoudens,
        case when rooster.status = 'geleverd' then tellingen.grootste_adres end as grootste_adres
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
            and rooster.noemer = noemers.noemer
)

select * from final
{% endmacro %}
