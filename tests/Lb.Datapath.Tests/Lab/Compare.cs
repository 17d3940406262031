using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Xunit.Sdk;

namespace Lb.Datapath.Tests.Lab;

/// <summary>Says what differs, with the packet.</summary>
internal static class Compare
{
    /// <summary>Compares an outcome with what is expected.</summary>
    /// <param name="who">Whose outcome it is.</param>
    /// <param name="sent">The frame.</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="action">The action that is expected, as far as it can be told.</param>
    /// <param name="actual">The outcome.</param>
    /// <param name="counters">What counters have moved by.</param>
    public static void Check(
        string who, byte[] sent, Expectation expected, XdpAction action, Outcome actual, string counters)
    {
        if (action != actual.Action)
        {
            throw Failure(who, $"action is {actual.Action}, expected {action}", sent, actual.Bytes);
        }

        if (!expected.Bytes.AsSpan().SequenceEqual(actual.Bytes))
        {
            string where = Where(expected.Bytes, actual.Bytes);
            throw Failure(who, $"{where}\nexpected {Hex(expected.Bytes)}", sent, actual.Bytes);
        }

        string wanted = expected.Counters.ToString();
        if (wanted != counters)
        {
            throw Failure(who, $"counters moved by\n{counters}\nexpected\n{wanted}", sent, actual.Bytes);
        }
    }

    public static void Flows(
        string who,
        Dictionary<Flow, FlowState> expected,
        Dictionary<Flow, FlowState> actual,
        Dictionary<Flow, FlowState> expectedPending,
        Dictionary<Flow, FlowState> actualPending)
    {
        string differences = Differences("established", expected, actual)
            + Differences("pending", expectedPending, actualPending);
        if (differences.Length > 0)
        {
            throw new XunitException($"{who}: flow tables differ{differences}");
        }
    }

    /// <summary>Entries of full-nat as the model has left them.</summary>
    public static void Full(string who, World expected, FullTables actual)
    {
        string differences = FullDifferences(expected, actual);
        if (differences.Length > 0)
        {
            throw new XunitException($"{who}: entries of full-nat differ{differences}");
        }
    }

    public static string FullDifferences(World expected, FullTables actual) =>
        Differences("full", expected.Full, actual.ReadFull()) + Differences("new", expected.FullNew, actual.ReadNew());

    public static string Differences<TState>(string name, Dictionary<Flow, TState> expected, Dictionary<Flow, TState> actual)
        where TState : struct
    {
        IEnumerable<string> missing = expected.Where(e => !actual.TryGetValue(e.Key, out TState s) || !s.Equals(e.Value))
            .Select(e => $"\n{name} lacks {e.Key}: {e.Value}");
        IEnumerable<string> extra = actual.Where(a => !expected.TryGetValue(a.Key, out TState s) || !s.Equals(a.Value))
            .Select(a => $"\n{name} has {a.Key}: {a.Value}");
        return string.Concat(missing.Concat(extra));
    }

    /// <summary>What differs in what clients keep; empty for nothing.</summary>
    public static string Differences(
        Dictionary<ClientId, ClientState> expected, Dictionary<ClientId, ClientState> actual)
    {
        IEnumerable<string> missing = expected.Where(e => !actual.TryGetValue(e.Key, out ClientState s) || s != e.Value)
            .Select(e => $"\nclients lack {e.Key}: {e.Value}");
        IEnumerable<string> extra = actual.Where(a => !expected.TryGetValue(a.Key, out ClientState s) || s != a.Value)
            .Select(a => $"\nclients have {a.Key}: {a.Value}");
        return string.Concat(missing.Concat(extra));
    }

    /// <summary>What differs in what is remembered of first fragments; empty for nothing.</summary>
    public static string Differences(
        Dictionary<FragmentId, FragmentState> expected, Dictionary<FragmentId, FragmentState> actual)
    {
        IEnumerable<string> missing = expected.Where(e => !actual.TryGetValue(e.Key, out FragmentState s) || s != e.Value)
            .Select(e => $"\nfragments lack {e.Key}: {e.Value}");
        IEnumerable<string> extra = actual.Where(a => !expected.TryGetValue(a.Key, out FragmentState s) || s != a.Value)
            .Select(a => $"\nfragments have {a.Key}: {a.Value}");
        return string.Concat(missing.Concat(extra));
    }

    /// <summary>First difference of two frames, in words.</summary>
    public static string Where(byte[] expected, byte[] actual)
    {
        int common = Math.Min(expected.Length, actual.Length);
        for (int i = 0; i < common; i++)
        {
            if (expected[i] != actual[i])
            {
                return $"byte {i} is {actual[i]:x2}, expected {expected[i]:x2}";
            }
        }

        return $"length is {actual.Length}, expected {expected.Length}";
    }

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static XunitException Failure(string who, string what, byte[] sent, byte[] actual) =>
        new($"{who}: {what}\nsent     {Hex(sent)}\nleft     {Hex(actual)}");
}
