namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Listening, connecting, accepting.</summary>
internal static class ConnectScripts
{
    public const string Table = """
        both | nobody connects                              | listen L; accept S L
        both | connect, accept, finish                      | pair; accept T L; finish C; finish C
        both | connect and nothing more                     | listen L; connect C L; finish C
        both | two connect, both are accepted               | listen L; connect A L; connect B L; accept S L; accept T L; accept U L
        both | accepted in the order of connecting          | listen L; connect A L; connect B L; send A 1; send B 2; accept S L; accept T L; receive S 9; receive T 9
        both | nobody listens any more                      | listen L; close L; connect C L
        tcp  | refused, finish twice                        | listen L; close L; connect C L; finish C; finish C
        tcp  | refused, then receive                        | listen L; close L; connect C L; receive C 8; receive C 8; finish C
        tcp  | refused, then send                           | listen L; close L; connect C L; send C 8; send C 8; receive C 8
        tcp  | refused, then shut down                      | listen L; close L; connect C L; shutdown C; finish C; shutdown C
        tcp  | refused, finished, then receive and send     | listen L; close L; connect C L; finish C; receive C 8; send C 8; shutdown C; close C
        tcp  | refused, reset by us                         | listen L; close L; connect C L; reset C
        tcp  | refused, watched for nothing                 | listen L; close L; connect C L; interest C none; finish C; unwatch C
        tcp  | refused, then listens, then connects         | listen L; close L; connect C L; finish C; listen M again L; connect D M; accept S M; finish D
        both | listener closes with one waiting             | listen L; connect C L; close L; receive C 8; receive C 8; send C 8; close C
        both | listener closes with one waiting, we send    | listen L; connect C L; close L; send C 8; send C 8; receive C 8
        both | listener closes with one waiting that sent   | listen L; connect C L; send C 5; close L; receive C 8; receive C 8
        both | listener closes with one waiting that ended  | listen L; connect C L; shutdown C; close L; receive C 8; send C 8; receive C 8
        both | listener closes, accepted ones go on         | pair; close L; send C 5; receive S 9; send S 6; receive C 9; close S; receive C 9
        both | listener closes twice over                   | pair; connect D L; close L; receive D 8; send C 3; receive S 8
        both | sent before accepted                         | listen L; connect C L; send C 5; send C 6; accept S L; receive S 20; receive S 20
        both | ended before accepted                        | listen L; connect C L; send C 5; shutdown C; accept S L; receive S 20; receive S 20; send S 3; receive C 8
        both | closed before accepted                       | listen L; connect C L; close C; accept S L; receive S 8; receive S 8; send S 3; send S 3
        both | sent and closed before accepted              | listen L; connect C L; send C 5; close C; accept S L; receive S 8; receive S 8; send S 3; send S 3
        both | reset before accepted                        | listen L; connect C L; reset C; accept S L; receive S 8; receive S 8; send S 3
        both | reset before accepted, then sent             | listen L; connect C L; reset C; accept S L; send S 3; send S 3; receive S 8
        both | sent and reset before accepted               | listen L; connect C L; send C 5; reset C; accept S L; receive S 8; receive S 8; receive S 8
        both | reset before accepted, finish                | listen L; connect C L; reset C; accept S L; finish S; finish S
        both | reset before accepted, shut down             | listen L; connect C L; reset C; accept S L; shutdown S; receive S 8
        both | one of two resets before accepted            | listen L; connect A L; connect B L; reset A; accept S L; accept T L; send B 4; receive T 8; receive S 8
        both | one of two closes before accepted            | listen L; connect A L; connect B L; close A; accept S L; accept T L; send B 4; receive T 8; receive S 8
        tcp  | backlog of one, two fit                      | listen L backlog 1; connect A L; connect B L; finish A; finish B
        tcp  | backlog of one, the third waits              | listen L backlog 1; connect A L; connect B L; connect D L; finish A; finish B; finish D; accept S L; accept T L; accept U L
        tcp  | backlog of one, the third waits and closes   | listen L backlog 1; connect A L; connect B L; connect D L; close D; accept S L; accept T L; accept U L
        tcp  | backlog of one, the third waits and resets   | listen L backlog 1; connect A L; connect B L; connect D L; reset D; accept S L
        tcp  | backlog full, not connected: receive, send   | listen L backlog 0; connect A L; connect B L; receive B 8; send B 8; finish B
        tcp  | backlog full, not connected: shut down       | listen L backlog 0; connect A L; connect B L; shutdown B; receive B 8; receive B 8; send B 8; finish B
        tcp  | backlog full, then room: connected later     | listen L backlog 0; connect A L; connect B L; accept S L; await B; finish B; accept T L; send B 4; receive T 8
        tcp  | backlog full, then closed: refused later     | listen L backlog 0; connect A L; connect B L; close L; await B; finish B; receive A 8
        unix | backlog of one, the third would block        | listen L backlog 1; connect A L; connect B L; connect D L; accept S L; connect D L; accept T L; accept U L; accept V L
        unix | backlog of nothing                           | listen L backlog 0; connect A L; connect B L; accept S L; connect B L
        unix | backlog full, one closes                     | listen L backlog 0; connect A L; close A; connect B L; accept S L; connect B L
        tcp  | port taken                                   | listen L; listen M again L; connect C L; accept S L
        tcp  | port free after close                        | listen L; close L; listen M again L; connect C M; accept S M
        tcp  | port free with connections alive             | pair; close L; listen M again L; connect D M; accept T M; send C 3; receive S 8; receive T 8
        tcp  | port free after the server closed            | pair; close S; close L; listen M again L; close C
        tcp  | port free after both closed                  | pair; close S; close C; close L; listen M again L; connect D M; accept T M
        tcp  | port taken for all addresses                 | listen L 0.0.0.0; listen M 127.0.0.1 port L; listen N 0.0.0.0 port L; connect C 127.0.0.1 port L; accept S L
        tcp  | one address taken, then all                  | listen L 127.0.0.1; listen M 0.0.0.0 port L
        tcp  | one port at two addresses                    | listen L 127.0.0.1; listen M 127.0.0.2 port L; connect C 127.0.0.2 port L; accept S L; accept S M; connect D L; accept T L
        tcp  | another address is refused                   | listen L 127.0.0.1; connect C 127.0.0.2 port L; finish C
        tcp  | another address is refused, the other way    | listen L 127.0.0.2; connect C 127.0.0.1 port L; finish C; connect D L; accept S L
        tcp  | all addresses, connect to one                | listen L 0.0.0.0; connect C 127.0.0.9 port L; accept S L; send C 4; receive S 8
        tcp  | connect to no address is to this machine     | listen L; connect C 0.0.0.0 port L; accept S L; finish C
        tcp  | IPv6 loopback                                | listen L ::1; connect C L; accept S L; send C 4; receive S 8
        tcp  | IPv6 loopback is not IPv4's                  | listen L ::1; connect C 127.0.0.1 port L; finish C
        tcp  | IPv4 loopback is not IPv6's                  | listen L 127.0.0.1; connect C ::1 port L; finish C
        tcp  | one port for IPv4 and IPv6                   | listen L 127.0.0.1; listen M ::1 port L; connect C M; accept S L; accept S M
        tcp  | all of IPv6 serves both                      | listen L ::; connect C 127.0.0.1 port L; accept S L; connect D ::1 port L; accept T L
        tcp  | all of IPv6 takes IPv4's port                | listen L ::; listen M 127.0.0.1 port L; listen N 0.0.0.0 port L; listen O ::1 port L
        tcp  | IPv4's port taken for all of IPv6            | listen L 127.0.0.1; listen M :: port L
        tcp  | address of another machine                   | listen L 192.0.2.1
        both | who holds it                                 | listen L; holder L; close L; holder L
        both | who holds what was taken over                | pair; close L; holder L; send C 3; receive S 8
        both | accept from what does not listen             | pair; accept T S; accept T C
        both | receive from a listener                      | listen L; receive L 8; connect C L; receive L 8; accept S L
        both | send to a listener                           | listen L; send L 8; connect C L; accept S L
        both | finish of a listener                         | listen L; finish L; finish L
        both | shut down a listener                         | listen L; shutdown L; connect C L; accept S L; send C 3; receive S 8
        both | configure a listener                         | listen L; configure L 65536 65536; connect C L; accept S L; send C 3; receive S 8
        both | configure before connected and after         | listen L; connect C L; configure C 65536 65536; accept S L; configure S 65536 65536; send C 3; receive S 8
        both | reset of a listener                          | listen L; connect C L; reset L; receive C 8
        both | finish after the peer closed                 | pair; close S; finish C; finish C; receive C 8
        both | finish after the peer reset                  | pair; reset S; finish C; finish C; receive C 8
        both | finish tells an error instead of receive     | pair; send C 5; close S; finish C; receive C 8; send C 8
        both | finish after both ended                      | pair; shutdown C; shutdown S; finish C; finish S
        both | many connect, all are accepted               | listen L; connect A L; connect B L; connect D L; connect E L; accept 1 L; accept 2 L; accept 3 L; accept 4 L; accept 5 L; send 3 7; receive D 9
        both | the process dies                             | pair; crash; receive C 8; receive C 8; send C 3; send C 3
        both | the process dies with bytes unread           | pair; send C 5; crash; receive C 8; receive C 8; send C 3
        both | the process dies with one waiting            | listen L; connect C L; crash; receive C 8; receive C 8
        both | the process dies and nobody listens          | pair; crash; connect D L
        both | the process dies and listens again           | pair; crash; listen M again L; connect D M; accept T M; send D 3; receive T 8; receive C 8
        """;
}
