using Lb.Pbm.Editing;

namespace Lb.Pbm.Tests.Editing;

/// <summary>Types on an editor: text, and keys by name between angle brackets.</summary>
internal sealed class Typist
{
    private readonly LineEditor _editor;

    public Typist(History? history = null)
    {
        _editor = new LineEditor(history ?? new History(null), line => Completer.Complete(Declared.Catalogue, line));
        _editor.Start();
    }

    public IReadOnlyList<string> Candidates => _editor.Candidates;

    /// <summary>The line, with a bar where the cursor is.</summary>
    public string Shown => $"{_editor.Line.Left}|{_editor.Line.Right}";

    public EditOutcome Last { get; private set; }

    /// <summary>Types <c>abc&lt;Left&gt;d</c>.</summary>
    public Typist Type(string keys)
    {
        for (int at = 0; at < keys.Length; at++)
        {
            int end = keys[at] == '<' ? keys.IndexOf('>', at) : -1;
            KeyStroke stroke = end < 0
                ? new KeyStroke(EditKey.Text, keys[at].ToString())
                : new KeyStroke(Enum.Parse<EditKey>(keys[(at + 1)..end]));
            Last = _editor.Apply(stroke);
            at = Math.Max(at, end);
            if (Last is EditOutcome.Accepted or EditOutcome.Abandoned)
            {
                _editor.Start();
            }
        }

        return this;
    }
}
