{# Who came, went and moved, of a regeling whose persons are in actief_<regeling>: a whole model, one row per area,
month and indicator. `opgegeven`: the model of where the deliveries place who never occurs in the BRP. #}
{% macro stroom(regeling, opgegeven=none) %}
-- One row per area, month and flow (in, out, moved, and the stock of then): who is a client now and who was one so many
-- months before, both in the areas of now.
with

clienten as (
    select distinct gemeentecode, persoon, peildatum, huishouden, wijkcode, buurtcode
    from {{ ref('actief_' ~ regeling) }}
    where actief and telt
),

vergelijkingen as (
    select distinct gemeentecode, peildatum, indelingsjaar, maanden, toen
    from {{ ref('vergelijking') }}
    where not voor_monitor
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
),

nu as (
    select clienten.*, vergelijkingen.maanden
    from clienten
    inner join vergelijkingen
        on clienten.gemeentecode = vergelijkingen.gemeentecode and clienten.peildatum = vergelijkingen.peildatum
),

toen as (
    select clienten.gemeentecode, clienten.persoon, vergelijkingen.peildatum, vergelijkingen.indelingsjaar,
        vergelijkingen.maanden, vergelijkingen.toen as datum
    from clienten
    inner join vergelijkingen
        on clienten.gemeentecode = vergelijkingen.gemeentecode and clienten.peildatum = vergelijkingen.toen
),

-- Where they lived then.
toen_geplaatst as (
    select
        toen.*,
        {{ waar('toen', opgegeven) }}
    from toen
    {{ plaats_op('toen', 'toen.datum', 'toen.indelingsjaar', opgegeven) }}
),

verandering as (
    select
        coalesce(nu.gemeentecode, toen.gemeentecode) as gemeentecode,
        coalesce(nu.peildatum, toen.peildatum) as peildatum,
        coalesce(nu.maanden, toen.maanden) as maanden,
        coalesce(nu.huishouden, toen.huishouden) as huishouden,
        nu.persoon is not null as is_nu,
        toen.persoon is not null as was_toen,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('nu') }} as nu_code,
        {{ gebied_op_niveau('toen') }} as toen_code
    from nu
    full outer join toen_geplaatst as toen
        on
            nu.gemeentecode = toen.gemeentecode
            and nu.persoon = toen.persoon
            and nu.peildatum = toen.peildatum
            and nu.maanden = toen.maanden
    cross join {{ niveaus() }}
),

-- Every kind of flow that a row is, in the area of now or of then. In one pass: the clients of all months are many.
gebeurd as (
    select verandering.*, stromen.soort, stromen.teken,
        case when stromen.in_nu then verandering.nu_code else verandering.toen_code end as gebiedscode
    from verandering
    inner join (
        values
        ('stroom', 1, true), ('stroom', -1, false), ('verhuizing', 1, true), ('verhuizing', -1, false),
        ('stand_toen', 1, false)
    ) as stromen (soort, teken, in_nu)
        on case
            when stromen.soort = 'stand_toen' then verandering.was_toen
            when stromen.soort = 'verhuizing' then verandering.nu_code <> verandering.toen_code
            when stromen.in_nu then not verandering.was_toen
            else not verandering.is_nu
        end
),

geteld as (
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, maanden, soort, teken,
        count(*) as aantal, count(distinct huishouden) as huishoudens
    from gebeurd
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, maanden, soort, teken
),

final as (
    select
        geteld.gemeentecode,
        geteld.gebiedsniveau,
        geteld.gebiedscode,
        geteld.peildatum,
        'totaal' as leeftijdsgroep,
        indicatoren.indicator,
        geteld.aantal,
        geteld.huishoudens,
        cast(null as bigint) as grootste_adres
    from geteld
    inner join indicatoren
        on
            geteld.soort = indicatoren.soort
            and geteld.teken = indicatoren.teken
            and geteld.maanden = indicatoren.maanden
)

select * from final
{% endmacro %}
