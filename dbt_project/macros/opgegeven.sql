{# Where the deliveries of a registration place who never occurs in the BRP: a whole model, one row per person and
indelingsjaar.

By the address in the newest message of a staging model with addresses; or, `pc4`, by the PC4 of the newest record of one
that tells no more (gemeentecode, persoon, postcode4, periode_tot, melddatum), also when that says that there is none. #}
{% macro opgegeven(model, pc4=false) %}
-- One row per person who never occurs in the BRP and indelingsjaar: where the deliveries place that person.
with

leveringen as (
    select
        *,
        row_number() over (
            partition by gemeentecode, persoon
            {% if pc4 %}
                order by periode_tot desc, melddatum desc
            {% else %}
                order by dagtekening desc, bericht_identificatie desc, leverdatum desc, rij desc
            {% endif %}
        ) as volgorde
    from {{ ref(model) }}
    {% if not pc4 %}
        where postcode is not null and huisnummer is not null
    {% endif %}
),

nieuwste as (
    select
        gemeentecode,
        persoon,
        {% if pc4 %}
            postcode4 as postcode,
            cast(null as bigint) as huisnummer
        {% else %}
            postcode,
            cast(huisnummer as bigint) as huisnummer
        {% endif %}
    from leveringen
    where volgorde = 1
),

bewoning as (
    select * from {{ ref('bewoning') }}
),

onbekenden as (
    select nieuwste.*
    from nieuwste
    left join bewoning on nieuwste.gemeentecode = bewoning.gemeentecode and nieuwste.persoon = bewoning.persoon
    where bewoning.persoon is null
),

jaren as (
    select distinct
        gemeentecode,
        indelingsjaar
    from {{ ref('peilmaand') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

postcodegebieden as (
    select * from {{ ref('postcodegebied') }}
),

final as (
    select
        onbekenden.gemeentecode,
        onbekenden.persoon,
        jaren.indelingsjaar,
        -- Two deliveries may place a person differently: a person who counts at both is two (wijkcijfers_totaal).
        concat(
            onbekenden.persoon,
            '|',
            coalesce(onbekenden.postcode, ''),
            '|',
            coalesce(cast(onbekenden.huisnummer as {{ dbt.type_string() }}), '')
        ) as adres,
        coalesce(
            adressen.wijkcode, postcodegebieden.wijkcode, {{ onbekende_wijk('onbekenden.gemeentecode') }}
        ) as wijkcode,
        coalesce(adressen.buurtcode, {{ onbekende_buurt('onbekenden.gemeentecode') }}) as buurtcode
    from onbekenden
    inner join jaren on onbekenden.gemeentecode = jaren.gemeentecode
    left join adressen
        on
            onbekenden.gemeentecode = adressen.gemeentecode
            and jaren.indelingsjaar = adressen.indelingsjaar
            and onbekenden.postcode = adressen.postcode
            and onbekenden.huisnummer = adressen.huisnummer
    left join postcodegebieden
        on
            onbekenden.gemeentecode = postcodegebieden.gemeentecode
            and jaren.indelingsjaar = postcodegebieden.indelingsjaar
            and onbekenden.postcode = postcodegebieden.postcode4
)

select * from final
{% endmacro %}
