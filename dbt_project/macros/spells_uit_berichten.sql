{# Spells from the messages of an iStandaard (iWmo, iJw; design.md section 6, Messages): what was allocated (301), started
(305) and stopped (307).

`staging`: the model of the messages (macro stg_berichten). `lijst_einde` and `lijst_wijziging`: the code lists of the
end reason and of the reason of change. In both standards reason of change 13 means "never sent" and end
reason 20 a pause.

Gives the CTEs up to and including `berichtspells`. #}
{% macro spells_uit_berichten(staging, voorvoegsel, lijst_einde, lijst_wijziging) %}
berichten as (
    select * from {{ ref(staging) }}
),

codelijsten as (
    select * from {{ ref('codelijsten') }}
),

-- The latest message on an allocation says what it is. Reason 13 means: never sent.
toewijzing_versies as (
    select
        *,
        row_number() over (
            partition by gemeentecode, toewijzingnummer
            order by dagtekening desc, bericht_identificatie desc, leverdatum desc, rij desc
        ) as volgorde
    from berichten
    where bericht = '301'
),

toewijzingen as (
    select * from toewijzing_versies
    where volgorde = 1 and coalesce(reden_wijziging, '') <> '13'
),

{{ kandidaten(staging) }},

gekoppeld as (
    select
        berichten.gemeentecode,
        berichten.bericht,
        coalesce(berichten.toewijzingnummer, kandidaten.toewijzingnummer) as toewijzingnummer,
        case when berichten.bericht = '305' then berichten.begindatum else berichten.einddatum end as datum,
        berichten.reden_beeindiging,
        berichten.status_aanlevering,
        berichten.dagtekening,
        berichten.bericht_identificatie,
        berichten.leverdatum,
        berichten.rij
    from berichten
    left join kandidaten
        on
            berichten.toewijzingnummer is null
            and berichten.gemeentecode = kandidaten.gemeentecode
            and berichten.persoon = kandidaten.persoon
            and berichten.categorie = kandidaten.categorie
            and coalesce(berichten.productcode, '') = kandidaten.productcode
            and berichten.ingangsdatum = kandidaten.ingangsdatum
    where berichten.bericht in ('305', '307')
),

-- StatusAanlevering 3 cancels the earlier message on the same allocation and date: the latest of them holds.
gebeurtenis_versies as (
    select
        *,
        row_number() over (
            partition by gemeentecode, toewijzingnummer, bericht, datum
            order by dagtekening desc, bericht_identificatie desc, leverdatum desc, rij desc
        ) as volgorde
    from gekoppeld
    where toewijzingnummer is not null
),

gebeurtenissen as (
    select * from gebeurtenis_versies
    where volgorde = 1 and status_aanlevering = '1'
),

-- Reason 20 is a pause: it ends nothing.
stops as (
    select
        gebeurtenissen.gemeentecode,
        gebeurtenissen.toewijzingnummer,
        gebeurtenissen.datum,
        coalesce(codelijsten.norm, 'onbekend') as reden
    from gebeurtenissen
    left join codelijsten
        on gebeurtenissen.reden_beeindiging = codelijsten.code and codelijsten.codelijst = '{{ lijst_einde }}'
    where gebeurtenissen.bericht = '307' and gebeurtenissen.reden_beeindiging <> '20'
),

-- An allocation without any start counts from its Ingangsdatum.
starts as (
    select
        toewijzingen.gemeentecode,
        toewijzingen.toewijzingnummer,
        coalesce(gebeurtenissen.datum, toewijzingen.ingangsdatum) as datum
    from toewijzingen
    left join gebeurtenissen
        on
            toewijzingen.gemeentecode = gebeurtenissen.gemeentecode
            and toewijzingen.toewijzingnummer = gebeurtenissen.toewijzingnummer
            and gebeurtenissen.bericht = '305'
),

-- A start opens, the first stop from then on closes. A start while still open (after a pause) goes on with the same.
open_en_dicht as (
    select
        starts.gemeentecode,
        starts.toewijzingnummer,
        starts.datum as begin_levering,
        min(stops.datum) as eind_levering
    from starts
    left join stops
        on
            starts.gemeentecode = stops.gemeentecode
            and starts.toewijzingnummer = stops.toewijzingnummer
            and starts.datum <= stops.datum
    group by starts.gemeentecode, starts.toewijzingnummer, starts.datum
),

geleverd as (
    select
        gemeentecode,
        toewijzingnummer,
        min(begin_levering) as begin_levering,
        eind_levering
    from open_en_dicht
    group by gemeentecode, toewijzingnummer, eind_levering
),

-- Never outside the allocation.
berichtspells as (
    select
        toewijzingen.gemeentecode,
        toewijzingen.persoon,
        concat('{{ voorvoegsel }}-', cast(toewijzingen.toewijzingnummer as {{ dbt.type_string() }})) as voorziening_id,
        toewijzingen.categorie,
        toewijzingen.productcode,
        toewijzingen.aanbieder,
        cast(null as bigint) as bedrag_maand,
        toewijzingen.leverdatum,
        greatest(geleverd.begin_levering, toewijzingen.ingangsdatum) as begindatum,
        case
            when geleverd.eind_levering is null then toewijzingen.einddatum
            when toewijzingen.einddatum is null then geleverd.eind_levering
            else least(geleverd.eind_levering, toewijzingen.einddatum)
        end as einddatum,
        case
            when geleverd.eind_levering <= coalesce(toewijzingen.einddatum, geleverd.eind_levering) then stops.reden
            when toewijzingen.einddatum is not null then coalesce(codelijsten.norm, 'einde_toewijzing')
        end as reden_einde
    from toewijzingen
    inner join geleverd
        on
            toewijzingen.gemeentecode = geleverd.gemeentecode
            and toewijzingen.toewijzingnummer = geleverd.toewijzingnummer
    left join stops
        on
            geleverd.gemeentecode = stops.gemeentecode
            and geleverd.toewijzingnummer = stops.toewijzingnummer
            and geleverd.eind_levering = stops.datum
    left join codelijsten
        on toewijzingen.reden_wijziging = codelijsten.code and codelijsten.codelijst = '{{ lijst_wijziging }}'
)
{% endmacro %}

{# A start or stop without number is matched on person, product and Ingangsdatum, when just one allocation fits. #}
{% macro kandidaten(staging) %}
kandidaten as (
    select
        gemeentecode,
        persoon,
        categorie,
        coalesce(productcode, '') as productcode,
        ingangsdatum,
        min(toewijzingnummer) as toewijzingnummer
    from {{ ref(staging) }}
    where bericht = '301'
    group by gemeentecode, persoon, categorie, coalesce(productcode, ''), ingangsdatum
    having count(distinct toewijzingnummer) = 1
)
{% endmacro %}

{# Starts and stops that fit no allocation or each other: uitval that shows only when all deliveries are seen together.

`staging`: the model of the messages. Gives the CTEs up to and including `losse_berichten`, of rule <voorvoegsel>-41 to -44
(their texts: validations/contracts/istandaard.py). #}
{% macro uitval_uit_berichten(staging, voorvoegsel) %}
berichten as (
    select * from {{ ref(staging) }}
),

toewijzingen as (
    select distinct
        gemeentecode,
        toewijzingnummer
    from berichten
    where bericht = '301'
),

{{ kandidaten(staging) }},

gekoppeld as (
    select
        berichten.gemeentecode,
        berichten.leverancier,
        berichten.leverdatum,
        berichten.rij,
        berichten.bericht,
        berichten.status_aanlevering,
        coalesce(berichten.toewijzingnummer, kandidaten.toewijzingnummer) as toewijzingnummer,
        case when berichten.bericht = '305' then berichten.begindatum else berichten.einddatum end as datum
    from berichten
    left join kandidaten
        on
            berichten.toewijzingnummer is null
            and berichten.gemeentecode = kandidaten.gemeentecode
            and berichten.persoon = kandidaten.persoon
            and berichten.categorie = kandidaten.categorie
            and coalesce(berichten.productcode, '') = kandidaten.productcode
            and berichten.ingangsdatum = kandidaten.ingangsdatum
    where berichten.bericht in ('305', '307')
),

verzonden as (
    select distinct
        gemeentecode,
        toewijzingnummer,
        bericht,
        datum
    from gekoppeld
    where status_aanlevering = '1'
),

eerste_start as (
    select
        gemeentecode,
        toewijzingnummer,
        min(datum) as datum
    from verzonden
    where bericht = '305'
    group by gemeentecode, toewijzingnummer
),

losse_berichten as (
    select
        gemeentecode,
        leverancier,
        leverdatum,
        rij,
        concat('{{ voorvoegsel }}-', nummer) as regel_id
    from (
        select
            gekoppeld.gemeentecode,
            gekoppeld.leverancier,
            gekoppeld.leverdatum,
            gekoppeld.rij,
            case
                -- No allocation fits by person, product and Ingangsdatum.
                when gekoppeld.toewijzingnummer is null then '41'
                -- The allocation was never delivered.
                when toewijzingen.toewijzingnummer is null then '42'
                -- Cancels a message that was never delivered; it changes nothing.
                when gekoppeld.status_aanlevering = '3' and verzonden.toewijzingnummer is null then '43'
                -- A stop before every start; it closes nothing.
                when gekoppeld.bericht = '307' and gekoppeld.datum < eerste_start.datum then '44'
            end as nummer
        from gekoppeld
        left join toewijzingen
            on
                gekoppeld.gemeentecode = toewijzingen.gemeentecode
                and gekoppeld.toewijzingnummer = toewijzingen.toewijzingnummer
        left join verzonden
            on
                gekoppeld.gemeentecode = verzonden.gemeentecode
                and gekoppeld.toewijzingnummer = verzonden.toewijzingnummer
                and gekoppeld.bericht = verzonden.bericht
                and gekoppeld.datum = verzonden.datum
        left join eerste_start
            on
                gekoppeld.gemeentecode = eerste_start.gemeentecode
                and gekoppeld.toewijzingnummer = eerste_start.toewijzingnummer
    ) as beoordeeld
    where nummer is not null
)
{% endmacro %}
