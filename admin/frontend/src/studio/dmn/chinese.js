// The words of dmn-js.
const WORDS = {
  And: "并且", Then: "那么", When: "当", Input: "输入", Output: "结果", "Output label": "结果的标题", "Output name": "结果的名字", "Output type": "结果的类型",
  "Output values": "可以得出的值", "Input label": "输入的标题", "Add input": "加一列输入", "Add output": "加一列结果", "Add rule": "加一条规则",
  "Add rule above": "在上面加一条", "Add rule below": "在下面加一条", "Remove rule": "删去这条", "Copy rule": "复制这条", "Cut rule": "剪切这条",
  "Paste rule above": "粘贴到上面", "Paste rule below": "粘贴到下面", "Add input column left": "在左边加输入", "Add input column right": "在右边加输入",
  "Add output column left": "在左边加结果", "Add output column right": "在右边加结果", "Copy input column": "复制这列", "Cut input column": "剪切这列",
  "Copy output column": "复制这列", "Cut output column": "剪切这列", "Paste input column left": "粘贴到左边", "Paste input column right": "粘贴到右边",
  "Paste output column left": "粘贴到左边", "Paste output column right": "粘贴到右边", "Remove input column": "删去这列输入", "Remove output column": "删去这列结果",
  "Edit input expression": "改输入", "Edit output name": "改结果", "Expression": "表达式", "Expression language": "表达式语言", "Expression language:": "表达式语言：",
  "Expression language: {expressionLanguageLabel}": "表达式语言：{expressionLanguageLabel}",
  "Predefined values": "可以选的值", "Add predefined values": "加可以选的值", "Clear predefined values": "去掉可以选的值", "Custom values": "自己写的值",
  "Add values": "加值", "No values": "没有值", "Input values": "可以选的值", "Change type": "换类型", Type: "类型", type: "类型", "{ type }": "{ type }",
  "Strings must be in double quotes": "文字要用英文双引号括起来。", '"value", "value", ...': '"值", "值", …',
  Annotation: "备注", Annotations: "备注", "Add cell description": "加说明", "Remove cell description": "去掉说明", "Change cell expression language": "换这格的语言",
  Comparison: "比较", "Comparison operator": "怎么比", Equals: "等于", Less: "小于", "Less or equals": "不超过", Greater: "大于", "Greater or equals": "不少于",
  Range: "范围", "Range start value": "从", "Range end value": "到", "Include start": "含起点", "Include end": "含终点", Value: "值", Yes: "是", No: "否",
  Before: "早于", After: "晚于", Between: "在两者之间", Exactly: "正好", Date: "日期", Time: "时间", "Date and time": "日期和时间", "Date value": "日期", "Boolean value": "是或否",
  "Edit date": "改日期", "Edit time": "改时间", "Edit date and time": "改日期和时间", "Edit string": "改文字", "Edit number": "改数字", "Edit boolean": "改是否", "Edit duration": "改时长",
  "Use today": "今天", "Use now": "现在", "Set date": "定日期", "Set time": "定时间", "Start date": "从哪天", "End date": "到哪天", "Duration value": "时长",
  "Hit policy": "几条符合时", "Hit policy:": "几条符合时：", Unique: "只许一条符合", First: "取第一条", Any: "几条结果要一样", Priority: "按结果的先后取", Collect: "都要", "Rule order": "按规则的顺序都要", "Output order": "按结果的先后都要",
  None: "没有", Sum: "相加", Min: "最小", Max: "最大", Count: "几条", "Aggregator:": "怎么汇总：", Aggregator: "怎么汇总",
  "Decision name": "决策的名称", "Decision name: ": "决策的名称：", "Decision Table": "决策表", "Literal Expression": "表达式", "Element name": "名称", "Definition name": "名称", "Definition ID": "编号",
  "View DRD": "看各张表的关系", "Open decision table": "打开决策表", "Variable name": "名字", "Variable type": "类型", "Variable name:": "名字：", "Variable type:": "类型：",
  "Create decision": "新的决策", "Create input data": "新的输入", "Create knowledge model": "知识模型", "Create knowledge source": "依据", "Append decision": "接着：决策", "Append input data": "接着：输入",
  "Append knowledge source": "接着：依据", "Append business knowledge model": "接着：知识模型", "Activate hand tool": "拖动画布", "Activate lasso tool": "框选", "Connect to other element": "连到另一个元素",
  "Add text annotation": "加注释", Delete: "删除", Edit: "改", "Edit using popup": "改", "Test type": "怎么试", "Rule": "规则", "Input expression": "看什么", "e.g. { sample }": "例如 { sample }", "e.g. { example } ": "例如 { example } ",
  "Enter expression": "写表达式", Empty: "空", Decision: "决策", "Input Data": "输入", "Knowledge Source": "依据", "Business Knowledge Model": "知识模型",
  string: "文字", number: "数字", boolean: "是或否", date: "日期", time: "时间", dateTime: "日期和时间", dayTimeDuration: "时长（天、时）", yearMonthDuration: "时长（年、月）",
  "Input type": "输入的类型", "Annotations:": "备注：", "Edit hit policy": "几条符合时怎么办", "Edit output": "改结果", "Edit input": "改输入",
};

export function translated(locale) {
  const fill = (text, values = {}) => text.replace(/\{\s*([^}\s]+)\s*\}/g, (whole, name) => values[name] ?? whole);
  if (locale === "en") return fill;
  return (text, values) => fill(WORDS[text] ?? text, values);
}
