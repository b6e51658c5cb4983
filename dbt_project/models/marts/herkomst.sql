-- From which deliveries the figures of a month came: of the registration itself, the BRP and the areas.
with

regelingen as (
    select * from {{ ref('regelingen') }}
),

dekking as (
    select * from {{ ref('dekking') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
    where geldt
),

final as (
    select distinct
        dekking.regeling,
        dekking.gemeentecode,
        dekking.peildatum,
        leveringen.bron,
        leveringen.leverancier,
        leveringen.leverdatum,
        leveringen.sha256,
        leveringen.contractversie
    from dekking
    inner join regelingen on dekking.regeling = regelingen.regeling
    inner join leveringen
        on
            dekking.gemeentecode = leveringen.gemeentecode
            and (
                leveringen.bron in ('brp', 'gebieden')
                or (
                    regelingen.bron = leveringen.bron
                    and dekking.semantiek = leveringen.semantiek
                    -- Of the route that counts that month. A stock is of its own period; messages of any delivery may
                    -- say something of any month.
                    and (
                        leveringen.semantiek <> 'stand'
                        or (dekking.peildatum >= leveringen.dekt_van and dekking.peildatum <= leveringen.dekt_tot)
                    )
                )
            )
)

select * from final
