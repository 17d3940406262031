using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>How much work the programs are for the kernel's verifier, whose limit is a million instructions.</summary>
public sealed class VerifierTests
{
    private const int Most = 100_000;

    [RootFact]
    public void Verifier_walks_no_more_than_a_tenth_of_what_it_would()
    {
        using LoadedDatapath datapath = new DatapathSpec(new MapSizes { Services = 16, Backends = 64 }, 0).Load();
        // The program has some 13,000, each of which it has to walk at least once.
        Assert.InRange(datapath.Program.ReadVerifiedInstructions(), 13_000, Most);
        using ForwardProgram forward = ForwardProgram.Load(datapath);
        Assert.InRange(forward.ReadVerifiedInstructions(), 13_000, Most);
        using SpreadPrograms spread = SpreadPrograms.Load(datapath);
        Assert.InRange(spread.Entry.ReadVerifiedInstructions(), 13_000, Most);
        Assert.InRange(spread.There.ReadVerifiedInstructions(), 13_000, Most);
    }
}
