namespace NetLoop.Tests.Simulation.Parity;

/// <summary>The files of Unix sockets.</summary>
internal static class PathScripts
{
    public const string Table = """
        unix | no such file                                 | connect C at no.sock
        unix | no such directory                            | directory D; remove D; connect C at D/a.sock; listen L at D/a.sock; exists D
        unix | a file is no directory                       | file F; connect C at F/a.sock; listen L at F/a.sock
        unix | a socket is no directory                     | listen L at s; connect C at s/a.sock; listen M at s/a.sock
        unix | in a directory                               | directory D; listen L at D/a.sock; connect C at D/a.sock; accept S L; send C 3; receive S 8
        unix | to a directory                               | directory D; connect C at D; listen L at D
        unix | to a file                                    | file F; connect C at F; listen L at F; exists F
        unix | the file appears and stays                   | exists a.sock; listen L at a.sock; exists a.sock; close L; exists a.sock; connect C at a.sock
        unix | taken                                        | listen L at a.sock; listen M at a.sock; connect C at a.sock; accept S L
        unix | taken, then not                              | listen L at a.sock; listen M at a.sock; close L; listen M at a.sock; connect C at a.sock; accept S M
        unix | taken with a full queue                      | listen L at a.sock backlog 0; connect C at a.sock; listen M at a.sock; accept S L
        unix | stale file                                   | listen L at a.sock; close L; connect C at a.sock; listen M at a.sock; connect D at a.sock; accept S M
        unix | stale file of a dead process                 | listen L at a.sock; crash; connect C at a.sock; listen M at a.sock; connect D at a.sock; accept S M
        unix | unlinked                                     | listen L at a.sock; close L; unlink L; exists a.sock; connect C at a.sock
        unix | unlinked while it listens                    | listen L at a.sock; unlink L; exists a.sock; connect C at a.sock; accept S L
        unix | unlinked while it listens, others go on      | pair; unlink L; send C 3; receive S 8; connect D L; accept T L
        unix | unlinked twice                               | listen L at a.sock; unlink L; file a.sock; unlink L; exists a.sock
        unix | unlinked while it listens, another listens   | listen L at a.sock; unlink L; listen M at a.sock; connect C at a.sock; accept S L; accept S M
        unix | removed by somebody, another listens         | listen L at a.sock; remove a.sock; connect C at a.sock; listen M at a.sock; connect D at a.sock; accept S M; accept T L
        unix | removed by somebody, the first one closes    | listen L at a.sock; remove a.sock; listen M at a.sock; close L; connect D at a.sock; accept S M; exists a.sock
        unix | removed by somebody, then unlinked           | listen L at a.sock; remove a.sock; unlink L; exists a.sock
        unix | replaced by a file, then unlinked            | listen L at a.sock; remove a.sock; file a.sock; unlink L; exists a.sock; connect C at a.sock
        unix | a file that a dead process left, unlinked    | listen L at a.sock; crash; unlink L; exists a.sock
        unix | replaced after a crash, then unlinked        | listen L at a.sock; crash; listen M at a.sock; unlink M; exists a.sock
        unix | removed with one waiting                     | listen L at a.sock; connect C at a.sock; remove a.sock; accept S L; send C 3; receive S 8
        unix | removed with connections                     | pair; remove L.sock; send C 3; receive S 8; send S 4; receive C 8
        unix | the longest name                             | directory D; listen L at D/a; connect C L; accept S L
        unix | two paths, two listeners                     | listen L at a.sock; listen M at b.sock; connect C at b.sock; accept S L; accept S M; connect D at a.sock; accept T L
        unix | a read-only directory: listen                | directory D; readonly D; listen L at D/a.sock
        unix | a read-only directory: connect               | directory D; listen L at D/a.sock; readonly D; connect C at D/a.sock; accept S L
        unix | a read-only directory: taken                 | directory D; listen L at D/a.sock; readonly D; listen M at D/a.sock; close L; listen M at D/a.sock
        unix | a read-only directory: unlink                | directory D; listen L at D/a.sock; readonly D; unlink L; exists D/a.sock
        unix | a read-only directory: no such file          | directory D; readonly D; connect C at D/a.sock
        unix | a forbidden directory: connect               | directory D; listen L at D/a.sock; forbid D; connect C at D/a.sock
        unix | a forbidden directory: listen                | directory D; forbid D; listen L at D/a.sock; connect C at D/b.sock
        unix | a read-only socket                           | listen L at a.sock; readonly a.sock; connect C at a.sock; listen M at a.sock; accept S L
        unix | a read-only socket, stale                    | listen L at a.sock; close L; readonly a.sock; connect C at a.sock; listen M at a.sock
        unix | a read-only file                             | file F; readonly F; connect C at F; listen L at F
        unix | who holds a file                             | listen L at a.sock; holder L; close L; holder L; listen M at a.sock; holder M; unlink M; close M; holder M
        """;
}
