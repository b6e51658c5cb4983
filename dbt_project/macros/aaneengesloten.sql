{# Joins spells of one person and voorziening_id that overlap, or follow each other within `dagen` days (1: adjoining).

`spells`: the name of a CTE with the columns that macro voorziening needs. Joined they run from the first begin to the last end,
and have the other columns of the one that ends last. Gives the CTE `<spells>_aaneen`. #}
{% macro aaneengesloten(spells, dagen) %}
{% set einde = "coalesce(einddatum, cast('9000-01-01' as date))" %}
{% set van_een = "partition by gemeentecode, persoon, voorziening_id" %}
{{ spells }}_met_vorige as (
    select
        *,
        {{ einde }} as tot_en_met,
        max({{ einde }}) over (
            {{ van_een }}
            order by begindatum, {{ einde }}
            rows between unbounded preceding and 1 preceding
        ) as vorig_einde
    from {{ spells }}
),

{{ spells }}_reeksen as (
    select
        *,
        sum(case when begindatum <= {{ add_days('vorig_einde', dagen) }} then 0 else 1 end) over (
            {{ van_een }}
            order by begindatum, tot_en_met
            rows between unbounded preceding and current row
        ) as keten
    from {{ spells }}_met_vorige
),

{{ spells }}_ketens as (
    select
        *,
        min(begindatum) over ({{ van_een }}, keten) as eerste_begin,
        row_number() over (
            {{ van_een }}, keten
            order by tot_en_met desc, leverdatum desc, begindatum desc,
                aanbieder asc, categorie asc, reden_einde asc
        ) as volgorde
    from {{ spells }}_reeksen
),

{{ spells }}_aaneen as (
    select
        gemeentecode,
        persoon,
        voorziening_id,
        categorie,
        aanbieder,
        bedrag_maand,
        leverdatum,
        eerste_begin as begindatum,
        einddatum,
        reden_einde
    from {{ spells }}_ketens
    where volgorde = 1
)
{% endmacro %}
