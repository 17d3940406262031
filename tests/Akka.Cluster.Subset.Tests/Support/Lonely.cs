using Akka.Actor;

namespace Akka.Cluster.Subset.Tests.Support;

/// <summary>An actor of which there is to be one; it says when it runs.</summary>
public sealed class Lonely : ReceiveActor
{
    private readonly Register _register;
    private readonly string _node;

    public Lonely(Register register, string node)
    {
        _register = register;
        _node = node;
        Receive<string>(text => Sender.Tell($"{node}: {text}"));
    }

    protected override void PreStart() => _register.Began(_node);

    protected override void PostStop() => _register.Ended(_node);
}

/// <summary>Who runs.</summary>
public sealed class Register
{
    private readonly Lock _lock = new();
    private readonly List<string> _running = [];

    /// <summary>What broke the rule, if something did.</summary>
    public string? Broken { get; private set; }

    /// <summary>How often it began.</summary>
    public int Starts { get; private set; }

    public string? Running
    {
        get
        {
            lock (_lock)
            {
                return _running.Count == 0 ? null : string.Join('+', _running);
            }
        }
    }

    public void Began(string node)
    {
        lock (_lock)
        {
            Starts++;
            _running.Add(node);
            if (_running.Count > 1)
            {
                Broken ??= $"runs on {string.Join(" and ", _running)}";
            }
        }
    }

    public void Ended(string node)
    {
        lock (_lock)
        {
            _running.Remove(node);
        }
    }
}
