using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Editing;

/// <summary>What a key came to.</summary>
internal enum EditOutcome
{
    /// <summary>The line may look different now.</summary>
    Edited,

    /// <summary>The screen is to be cleared.</summary>
    Cleared,

    /// <summary>There are several ways to go on, to be listed.</summary>
    Listed,

    /// <summary>The line is done.</summary>
    Accepted,

    /// <summary>The line is given up.</summary>
    Abandoned,

    /// <summary>The person wants to go.</summary>
    Left,
}

/// <summary>Edits one line after the other, a key at a time. It knows no terminal.</summary>
/// <param name="history">Older lines.</param>
/// <param name="complete">How the line could go on at the cursor.</param>
internal sealed class LineEditor(History history, Func<string, Completion> complete)
{
    private string _cut = "";

    /// <summary>How many lines back the line was taken from; 0 for one that is new.</summary>
    private int _age;

    /// <summary>The new line, while older ones are looked at.</summary>
    private string _draft = "";

    public LineText Line { get; private set; } = LineText.Empty;

    /// <summary>What was listed last.</summary>
    public IReadOnlyList<string> Candidates { get; private set; } = [];

    /// <summary>Begins a new line.</summary>
    public void Start()
    {
        Line = LineText.Empty;
        _age = 0;
        _draft = "";
    }

    public EditOutcome Apply(KeyStroke stroke)
    {
        switch (stroke.Key)
        {
            case EditKey.Accept:
                history.Add(Line.Text);
                return EditOutcome.Accepted;
            case EditKey.Abandon:
                return EditOutcome.Abandoned;
            case EditKey.DeleteOrLeave when Line.Text.Length == 0:
                return EditOutcome.Left;
            case EditKey.Clear:
                return EditOutcome.Cleared;
            case EditKey.Complete:
                return Complete();
            case EditKey.Older:
                Recall(_age + 1);
                return EditOutcome.Edited;
            case EditKey.Newer:
                Recall(_age - 1);
                return EditOutcome.Edited;
            case EditKey.CutWord:
                return Cut(Line.WordBefore());
            case EditKey.CutToStart:
                return Cut(0);
            case EditKey.CutToEnd:
                return Cut(Line.Text.Length);
            default:
                Line = Edit(stroke);
                return EditOutcome.Edited;
        }
    }

    private LineText Edit(KeyStroke stroke) => stroke.Key switch
    {
        EditKey.Text => Line.Insert(stroke.Text),
        EditKey.Paste => Line.Insert(_cut),
        EditKey.Left => Line.MoveTo(Line.Before()),
        EditKey.Right => Line.MoveTo(Line.After()),
        EditKey.WordLeft => Line.MoveTo(Line.WordBefore()),
        EditKey.WordRight => Line.MoveTo(Line.WordAfter()),
        EditKey.Home => Line.MoveTo(0),
        EditKey.End => Line.MoveTo(Line.Text.Length),
        EditKey.Backspace => Line.CutTo(Line.Before()),
        EditKey.Delete or EditKey.DeleteOrLeave => Line.CutTo(Line.After()),
        _ => Line,
    };

    private EditOutcome Cut(int place)
    {
        LineText rest = Line.CutTo(place);
        int length = Line.Text.Length - rest.Text.Length;
        if (length > 0)
        {
            _cut = Line.Text.Substring(rest.Cursor, length);
            Line = rest;
        }

        return EditOutcome.Edited;
    }

    private void Recall(int age)
    {
        if (age < 0 || age > history.Count)
        {
            return;
        }

        _draft = _age == 0 ? Line.Text : _draft;
        _age = age;
        Line = LineText.Of(age == 0 ? _draft : history.Back(age));
    }

    private EditOutcome Complete()
    {
        Completion completion = complete(Line.Left);
        if (completion.Candidates is [{ } only])
        {
            bool isSpaced = Line.Right.StartsWith(' ');
            Line = Line.Replace(completion.Start, LineWords.Quote(only) + (isSpaced ? "" : " "));
            Line = isSpaced ? Line.MoveTo(Line.Cursor + 1) : Line;
            return EditOutcome.Edited;
        }

        if (completion.Candidates.Count == 0)
        {
            return EditOutcome.Edited;
        }

        // What all of them begin with is typed for the person; words that need quotes are not begun.
        string typed = Line.Left[completion.Start..];
        string common = completion.CommonPrefix();
        if (common.Length > typed.Length && LineWords.Quote(common) == common)
        {
            Line = Line.Replace(completion.Start, common);
        }

        Candidates = completion.Candidates;
        return EditOutcome.Listed;
    }
}
