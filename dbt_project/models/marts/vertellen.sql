-- What residents tell at house visits, per gemeente, wijk and quarter: shares with Wilson's interval, and means.
-- Under ten answers nothing is shown. A quarter is told of when it ended before the newest delivery.
{% set schalen = ['tevreden_werkwijze', 'geluisterd', 'zelfredzaam_vooruit'] %}
{% set aarden = ['vrijwilligerswerk', 'mantelzorg', 'buurthulp', 'ervaringsdeskundige', 'tegenprestatie', 'anders'] %}
with

bezoeken as (
    select * from {{ ref('stg_huisbezoeken') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
    where is_kwartaaleinde
),

gebieden as (
    select * from {{ ref('gebied') }}
    where gebiedsniveau in ('gemeente', 'wijk')
),

gedekt as (
    select
        gemeentecode,
        min({{ month_end(add_months('datum', '(3 - month(datum) % 3) % 3')) }}) as eerste,
        max(leverdatum) as leverdatum
    from bezoeken
    group by gemeentecode
),

-- A wijk that the year does not know is onbekend.
per_kwartaal as (
    select
        bezoeken.gemeentecode,
        bezoeken.tevreden_werkwijze,
        bezoeken.geluisterd,
        bezoeken.zelfredzaam_vooruit,
        bezoeken.wederkerigheid_bereid,
        bezoeken.wederkerigheid_aard,
        peilmaanden.peildatum,
        coalesce(gebieden.gebiedscode, concat('WK', substr(bezoeken.gemeentecode, 3), 'onbekend')) as wijkcode
    from bezoeken
    inner join peilmaanden
        on
            bezoeken.gemeentecode = peilmaanden.gemeentecode
            and {{ month_end(add_months('bezoeken.datum', '(3 - month(bezoeken.datum) % 3) % 3')) }}
            = peilmaanden.peildatum
    left join gebieden
        on
            bezoeken.gemeentecode = gebieden.gemeentecode
            and peilmaanden.indelingsjaar = gebieden.indelingsjaar
            and bezoeken.wijkcode = gebieden.gebiedscode
),

per_niveau as (
    select
        *,
        wijkcode as gebiedscode
    from per_kwartaal
    union all
    select
        *,
        gemeentecode as gebiedscode
    from per_kwartaal
),

-- One row per answer: a 4 or 5 is satisfied; yes is yes, and maybe is not.
antwoorden as (
    {% for vraag in schalen %}
        select
            gemeentecode,
            gebiedscode,
            peildatum,
            '{{ vraag }}' as indicator,
            {{ vraag }} as score,
            case when {{ vraag }} >= 4 then 1 else 0 end as goed
        from per_niveau
        where {{ vraag }} is not null
        union all
    {% endfor %}
    {% for aard in aarden %}
        select
            gemeentecode,
            gebiedscode,
            peildatum,
            'terug_{{ aard }}' as indicator,
            null as score,
            case when wederkerigheid_bereid = 'ja' and wederkerigheid_aard = '{{ aard }}' then 1 else 0 end as goed
        from per_niveau
        where wederkerigheid_bereid is not null
        union all
    {% endfor %}
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        'iets_terug' as indicator,
        null as score,
        case when wederkerigheid_bereid = 'ja' then 1 else 0 end as goed
    from per_niveau
    where wederkerigheid_bereid is not null
),

geteld as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        indicator,
        count(*) as antwoorden,
        sum(goed) as goed,
        round(avg(score), 2) as gemiddelde
    from antwoorden
    group by gemeentecode, gebiedscode, peildatum, indicator
    having count(*) >= 10
),

indicatoren as (
    select 'iets_terug' as indicator
    {% for vraag in schalen %}
        union all
        select '{{ vraag }}' as indicator
    {% endfor %}
    {% for aard in aarden %}
        union all
        select 'terug_{{ aard }}' as indicator
    {% endfor %}
),

final as (
    select
        peilmaanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        gebieden.gebiedsnaam,
        peilmaanden.indelingsjaar,
        peilmaanden.peildatum,
        indicatoren.indicator,
        case
            when gedekt.gemeentecode is null then 'niet_geleverd'
            when geteld.antwoorden is null then 'kleiner_dan_drempel'
            else 'geleverd'
        end as status,
        geteld.antwoorden,
        round(cast(geteld.goed as double) / geteld.antwoorden, 4) as aandeel,
        {{ wilson('geteld.goed', 'geteld.antwoorden', '-') }} as aandeel_laag,
        {{ wilson('geteld.goed', 'geteld.antwoorden', '+') }} as aandeel_hoog,
        geteld.gemiddelde
    from peilmaanden
    inner join gebieden
        on
            peilmaanden.gemeentecode = gebieden.gemeentecode
            and peilmaanden.indelingsjaar = gebieden.indelingsjaar
    cross join indicatoren
    left join gedekt
        on
            peilmaanden.gemeentecode = gedekt.gemeentecode
            and peilmaanden.peildatum between gedekt.eerste and {{ add_days('gedekt.leverdatum', -1) }}
    left join geteld
        on
            gedekt.gemeentecode is not null
            and peilmaanden.gemeentecode = geteld.gemeentecode
            and gebieden.gebiedscode = geteld.gebiedscode
            and peilmaanden.peildatum = geteld.peildatum
            and indicatoren.indicator = geteld.indicator
)

select * from final
