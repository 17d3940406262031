using Lb.Hocon.Includes;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Syntax;

/// <summary>What all sources of one document share: options, errors and the limits used up.</summary>
internal sealed class ParseSession(HoconOptions options)
{
    private readonly List<HoconError> _errors = [];
    private readonly Stack<Source> _active = [];
    private long _bytes;
    private int _includes;

    public HoconOptions Options => options;

    public long BytesLeft => options.MaxDocumentSize - _bytes;

    public HoconDocument Run(Func<Node> parse)
    {
        try
        {
            Node root = parse();
            if (_errors.Count == 0)
            {
                return new HoconDocument([root], options);
            }
        }
        catch (ParseFailure failure)
        {
            _errors.Add(failure.Error);
        }
        catch (ParseAborted)
        {
            // The errors tell.
        }

        throw new HoconException(_errors);
    }

    /// <summary>Whether the source is being parsed, so that including it once more would never end.</summary>
    public bool IsActive(Source source) => _active.Contains(source);

    public void Begin(Source source) => _active.Push(source);

    public void End() => _active.Pop();

    public void Report(HoconError error)
    {
        _errors.Add(error);
        if (_errors.Count >= options.MaxErrors)
        {
            throw new ParseAborted();
        }
    }

    public void CountBytes(long bytes, HoconOrigin origin)
    {
        _bytes += bytes;
        if (_bytes > options.MaxDocumentSize)
        {
            throw new ParseFailure(
                new HoconError(
                    origin, "a document larger than the limit", $"at most {options.MaxDocumentSize} bytes with all includes", "split it or raise the limit"),
                fatal: true);
        }
    }

    public void CountInclude(HoconOrigin origin)
    {
        if (++_includes > options.MaxIncludes)
        {
            throw new ParseFailure(
                new HoconError(origin, "one more include", $"at most {options.MaxIncludes} includes", "include each file once"),
                fatal: true);
        }
    }
}
