namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Full buffers, and what happens to their contents.</summary>
internal static class BufferScripts
{
    public const string Table = """
        both | full                                         | pair; fill C; send C 1; send C 1
        both | full the other way                           | pair; fill S; send S 1; receive C 1000; drain C S
        both | full both ways                               | pair; fill C; fill S; drain C S; drain S C; send C 4; receive S 8
        both | full, then drained                           | pair; fill C; drain S C; send C 5; receive S 8
        both | full, a little drained                       | pair; fill C; receive S 100; receive S 100; drain S C
        both | full, drained, full again                    | pair; fill C; drain S C; fill C; drain S C; receive S 8
        both | full, gathered                               | pair; fill C; gather C 4x1000; drain S C; gather C 4x1000; receive S 8000
        both | more than fits, gathered                     | pair; interest C read; gather C 64x262144; receive S 1000; drain S C; interest C both
        both | full, nothing sent                           | pair; fill C; send C 0
        both | full before accepted                         | listen L; connect C L; fill C; accept S L; drain S C; send C 3; receive S 8
        both | full, then ended                             | pair; fill C; shutdown C; send C 1; drain S C; receive S 8
        both | full, then closed                            | pair; fill C; close C; receive S 1000
        both | full, the peer closes                        | pair; fill C; close S; receive C 8; receive C 8; send C 3
        both | full, the peer closes, we send               | pair; fill C; close S; send C 3; send C 3; receive C 8
        both | full, the peer ends                          | pair; fill C; shutdown S; receive C 8; drain S C; send C 3; receive S 8
        both | full, the peer resets                        | pair; fill C; reset S; receive C 8; receive C 8; send C 3
        both | full, the peer drains and closes             | pair; fill C; drain S C; close S; receive C 8; send C 3; send C 3
        both | full, the peer drains and resets             | pair; fill C; drain S C; reset S; receive C 8; send C 3
        both | full, we reset                               | pair; fill C; drain S C; reset C; receive S 8; send S 3
        both | full, watched for room only                  | pair; interest C write; fill C; drain S C; interest C read
        both | full, watched later                          | pair; unwatch C; fill C; watch C write; drain S C
        both | full, not watched for room                   | pair; interest C read; fill C; drain S C; interest C both
        both | full one way, bytes the other way            | pair; fill C; send S 5; receive C 8; send S 6; drain S C; receive C 8
        both | full one way, reset by the full one          | pair; fill C; reset C; receive S 1000
        both | full, listener closes before accepted        | listen L; connect C L; fill C; close L; receive C 8; send C 3
        both | full, the process dies                       | pair; fill C; crash; receive C 8; receive C 8; send C 3
        unix | a little more than a quarter is not room     | pair; send C 120000; receive S 120000
        tcp  | many small sends are a stream                | pair; repeat 300 send C 1; receive S 400
        unix | many small sends use up the buffer           | pair; repeat 300 send C 1
        unix | a little is room                             | pair; send C 10000; send C 10000; receive S 20000
        unix | closed with much unread                      | pair; send C 120000; close S; receive C 8; receive C 8
        both | much and ended                               | pair; send C 60000; shutdown C; receive S 60000; receive S 8
        both | much and closed                              | pair; send C 60000; close C; receive S 40000; receive S 40000; receive S 8
        """;
}
