{# The last steps of a voorziening model: the columns that all share (design.md section 6), as the CTE `final`.

`spells`: the name of a CTE. A spell that ends before it begins never was one. `code`: what soorten.csv calls the kind of
help by. `met_product`: the spells have a productcode, which says more than the code. `route`: the column of a
registration with two routes that says which tells of the spell, as dekking.semantiek does of the months. `telt_in`: that
of events which count in another month than that of their day. #}
{% macro voorziening(regeling, spells, bron, code='spells.categorie', met_product=false, route='null', telt_in='null') %}
-- The codes of BIJ are read in the words of iJw: its own say only which kinds that route can tell (model soort).
soortcodes as (
    select * from {{ ref('soorten') }}
    where regeling = '{{ regeling }}' and coalesce(route, '') <> 'stand'
),

final as (
    select
        spells.gemeentecode, spells.persoon, '{{ regeling }}' as regeling, spells.voorziening_id, spells.categorie,
        {{ 'coalesce(producten.soort, codes.soort) as soort' if met_product else 'codes.soort' }},
        spells.aanbieder, spells.begindatum, spells.einddatum, spells.reden_einde,
        cast(spells.bedrag_maand as bigint) as bedrag_maand, '{{ bron }}' as bron, spells.leverdatum,
        cast({{ route }} as {{ dbt.type_string() }}) as route,
        cast({{ telt_in }} as date) as telt_in
    from {{ spells }} as spells
    left join soortcodes as codes
        on
            coalesce({{ code }}, '') = coalesce(codes.code, '')
            and codes.productcode is null
            and {{ geldig_op('codes', 'spells.begindatum') }}
    {% if met_product %}
    left join soortcodes as producten
        on
            spells.categorie = producten.code
            and spells.productcode = producten.productcode
            and spells.gemeentecode = coalesce(producten.gemeentecode, spells.gemeentecode)
            and {{ geldig_op('producten', 'spells.begindatum') }}
    {% endif %}
    where spells.einddatum is null or spells.einddatum >= spells.begindatum
)
{% endmacro %}
