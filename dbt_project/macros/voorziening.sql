{# The last step of a voorziening model: the columns that all share (design.md section 6), as the CTE `final`.

A spell that ends before it begins never was one. #}
{% macro voorziening(regeling, spells, bron) %}
final as (
    select
        gemeentecode,
        persoon,
        '{{ regeling }}' as regeling,
        voorziening_id,
        categorie,
        aanbieder,
        begindatum,
        einddatum,
        reden_einde,
        cast(bedrag_maand as bigint) as bedrag_maand,
        '{{ bron }}' as bron,
        leverdatum
    from {{ spells }}
    where einddatum is null or einddatum >= begindatum
)
{% endmacro %}
