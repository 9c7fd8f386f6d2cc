"""Where contacts, utterances, annotations and tenants' books are kept.

One table per lifecycle, single-table inside. A tenant's partition keys begin with ``<tenant>#`` (``tenant#<tenant>``
in sotto-models), so that a role limited by ``dynamodb:LeadingKeys`` to one tenant cannot name another's item;
``instance#`` is nobody's.

    sotto-contacts   <tenant>#<contact>          contact | lease | state | utterance#n | annotation#n | feedback#id
                                                 | risk#n (a moment of high severity) | audit#<ms>#<who looked in>
                                                 | summary | facts | question#<ms>#<knowledge or call> | consent#<ms>
                                                 | handover-note | after-call | summary#n (as it was before an edit)
                                                 | shared#id | shared-listing#id (what a coach shared of it)
                     <tenant>#agent#<agent>      <contact>                    whom the agent is talking to
                     <tenant>#past#<agent>       <media start>#<contact>      the agent's contacts that have ended
                     <tenant>#team#<team>        <contact>                    whom the team is talking to
                     <tenant>#shared#all         <ms>#<share>                 moments that were shared
                     <tenant>#shared-with#<agent>  <ms>#<share>               those with one agent
                     <tenant>#open               <media start>#<contact>      contacts that have not ended
                     <tenant>#conversation#<id>  <contact>                    its contacts after the first
                     <tenant>#compared#<model>#<version>                      what a version in the shadow said
                     <tenant>#budget#<month>     scope# | lease# | used#      what language models cost
    sotto-tenants    instance#<id>               tenant                       whose Connect instance this is
                     <tenant>#book               current                      which version is published
                                                 | acknowledged#<ms>#<version> (who published what in clear)
    sotto-connections  <tenant>#<contact>        connection#<connection>#<subscription>   who listens to the contact
                     <tenant>#agent#<agent>      connection#<connection>#<subscription>   to the agent's assignments
                     <tenant>#connection#<id>    connection#<connection>#<subscription>   the same, to clear up after it
    sotto-directory  <tenant>#directory          agent#<id> | username#<username> | queue#<id> | group#<id>
                                                 | routing-profile#<id> | state#<instance> | progress#<instance>#n
    sotto-history    <tenant>#insights           customer#<id>                for whom insights were made
                     <tenant>#insights-of#<contact>  customer#<id>            for whom the contact was looked at
    sotto-models     tenant#<tenant>             model#<logical model>        what the router serves
"""
