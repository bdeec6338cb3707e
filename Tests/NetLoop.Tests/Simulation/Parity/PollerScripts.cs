namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Which events pollers report, and for which sockets.</summary>
internal static class PollerScripts
{
    public const string Table = """
        both | watched for nothing, bytes come              | pair; interest S none; send C 3; interest S read; receive S 8
        both | watched for nothing, the peer ends           | pair; interest S none; shutdown C; interest S both
        both | watched for nothing, the peer closes         | pair; interest S none; close C; interest S both
        both | watched for nothing, the peer resets         | pair; interest S none; reset C; receive S 8; receive S 8
        both | watched for nothing, both end                | pair; interest S none; shutdown C; shutdown S; interest S read; interest S write
        both | watched for reading                          | pair; interest S read; send C 3; receive S 8; shutdown C
        both | watched for reading, reset                   | pair; interest S read; reset C; receive S 8
        both | watched for reading, both end                | pair; interest S read; shutdown C; shutdown S
        both | watched for writing                          | pair; interest S write; send C 3; receive S 8; shutdown C
        both | watched for writing, reset                   | pair; interest S write; reset C; receive S 8
        both | watched for writing, we end                  | pair; interest S write; shutdown S; shutdown C
        both | level-triggered                              | pair; send C 3; receive S 1; receive S 1; receive S 1; receive S 1
        both | interest changes with bytes there            | pair; send C 3; interest S none; interest S write; interest S read; interest S both
        both | interest the same again                      | pair; send C 3; interest S both; interest S both
        both | not watched                                  | pair; unwatch S; send C 3; watch S; receive S 8
        both | not watched, reset                           | pair; unwatch S; reset C; watch S none; receive S 8
        both | not watched, ended                           | pair; unwatch S; shutdown C; watch S read; receive S 8
        both | not watched, both end                        | pair; unwatch S; shutdown C; shutdown S; watch S none
        both | not watched, closed                          | pair; unwatch S; send C 3; close S; receive C 8
        both | watched twice                                | pair; watch S; watch S read; send C 3
        both | unwatched twice                              | pair; unwatch S; unwatch S; interest S both; watch S
        both | another token                                | pair; send C 3; token S; receive S 8; token S; send C 3
        both | another token after a reset                  | pair; reset C; token S; receive S 8
        both | another token while nothing is ready         | pair; interest S read; token S; interest S read; send C 3
        both | a listener not watched                       | listen L; unwatch L; connect C L; watch L; accept S L
        both | a listener watched for nothing               | listen L; interest L none; connect C L; interest L read; accept S L; accept T L
        both | a listener watched for writing               | listen L; interest L write; connect C L
        both | a listener readable until all are accepted   | listen L; connect A L; connect B L; accept S L; accept T L
        both | a closed number is watched again             | pair; send C 3; close S; connect D L; accept T L; send D 3; receive T 8
        both | a closed number is not watched               | pair; unwatch S; send C 3; close S; connect D L; accept T L; unwatch T; send D 3; watch T
        both | wake                                         | pair; interest S none; wake; wake
        both | wake twice at once                           | pair; interest S none; wake 2; wake
        both | wake with somebody ready                     | pair; send C 3; wake; receive S 8; wake
        both | wake with a listener ready                   | listen L; connect C L; wake; accept S L; unwatch S; wake
        both | wake without a socket                        | wake; wake 3
        both | little room                                  | pair; pair 2; pair 3; rounds 1 room 1; rounds 3 room 1; rounds 2 room 2
        both | little room, listeners too                   | pair; connect D L; rounds 2 room 1; rounds 1 room 2; accept T L; rounds 2 room 1
        both | another poller                               | pair; send C 3; repoll; receive S 8; repoll
        both | another poller after a reset                 | pair; reset C; repoll; receive S 8
        both | another poller after an end                  | pair; shutdown C; repoll; shutdown S; repoll
        both | another poller for a listener                | listen L; connect C L; repoll; accept S L
        tcp  | connecting, watched for nothing              | listen L backlog 0; connect A L; connect B L; interest B none; interest B both; unwatch B; watch B
        tcp  | connecting, connected, watched for nothing   | listen L; connect C L; interest C none; interest C write
        tcp  | refused, watched for reading                 | listen L; close L; connect C L; interest C read; finish C
        tcp  | refused, watched later                       | listen L; close L; connect C L; unwatch C; finish C; watch C none
        both | writable after the peer ended                | pair; interest C write; shutdown S; send C 3; receive S 8
        both | readable and writable, then only readable    | pair; send S 5; interest C read; receive C 8; interest C both
        """;
}
