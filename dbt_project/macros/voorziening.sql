{# The last step of a voorziening model: the columns that all share (design.md section 6), as the CTE `final`.

`spells`: the name of a CTE. A spell that ends before it begins never was one. `route`: the column of a registration with two routes that says which
tells of the spell, as dekking.semantiek does of the months. `telt_in`: that of events which count in another month than
that of their day. #}
{% macro voorziening(regeling, spells, bron, route='null', telt_in='null') %}
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
        leverdatum,
        cast({{ route }} as {{ dbt.type_string() }}) as route,
        cast({{ telt_in }} as date) as telt_in
    from {{ spells }}
    where einddatum is null or einddatum >= begindatum
)
{% endmacro %}
