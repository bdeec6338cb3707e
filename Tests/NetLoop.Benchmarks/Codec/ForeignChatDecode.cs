namespace NetLoop.Benchmarks.Codec;

/// <summary><see cref="Chat"/>: u32 and 60 characters, four of them of two or three bytes.</summary>
public class ForeignChatDecode() : ChatDecode(Samples.ForeignChat);
